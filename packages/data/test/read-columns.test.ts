import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readColumns } from "../src/index.ts";
import { parquetBytes } from "./write-parquet.ts";

const tokens = fileURLToPath(new URL("parquet/tokens-gzip-v2.parquet", import.meta.url));

describe("readColumns", () => {
  it("reads columns whole, over row groups, from bytes", async () => {
    const bytes = parquetBytes({ columns: { a: ["x", "y", "z"], b: ["1", "2", "3"] }, rowsPerGroup: 2 });
    expect(await readColumns(bytes, ["b", "a"])).toEqual(
      new Map([
        ["b", ["1", "2", "3"]],
        ["a", ["x", "y", "z"]],
      ]),
    );
  });

  it("reads lists, from a path, a URL and bytes alike", async () => {
    const columns = await readColumns(tokens, ["input_ids"]);
    const [first] = columns.get("input_ids") ?? [];
    expect(Array.isArray(first)).toBe(true);
    expect(await readColumns(new URL(`file://${tokens}`), ["input_ids"])).toEqual(columns);
    expect(await readColumns(new Uint8Array(readFileSync(tokens)), ["input_ids"])).toEqual(columns);
  });

  it("names the columns there are, and what is no Parquet", async () => {
    await expect(readColumns(tokens, ["x"])).rejects.toThrow(
      /^readColumns: "names" must be columns of the file \(input_ids, .*\), got "x" in /,
    );
    await expect(readColumns(new Uint8Array(20), ["x"])).rejects.toThrow(/no PAR1 at its beginning/);
    await expect(readColumns("nowhere.parquet", ["x"])).rejects.toThrow(/ENOENT at nowhere\.parquet/);
  });
});
