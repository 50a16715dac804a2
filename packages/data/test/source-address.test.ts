import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { readRows } from "../src/index.ts";
import { all, lines, temporaryFolder } from "./files.ts";

const { write } = temporaryFolder();

describe("readRows by the file's name", () => {
  it("takes the source from the file that an address means, not from its spelling", async () => {
    for (const name of ["a b.jsonl", "100%.jsonl", "Löwe.jsonl"]) {
      const address = pathToFileURL(await write(name, lines({ text: "a" })));
      const expected = [{ text: "a", source: name.replace(".jsonl", "") }];
      expect(await all(readRows(address, { source: "file" }))).toEqual(expected);
      expect(await all(readRows(address.href, { source: "file" }))).toEqual(expected);
    }
    // a path is no address: what looks encoded is its name
    const path = await write("a%20b.jsonl", lines({ text: "a" }));
    expect(await all(readRows(path, { source: "file" }))).toEqual([{ text: "a", source: "a%20b" }]);
  });
});
