import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ReadRowsOptions, readRows } from "../src/index.ts";
import { all, lines, refusalOf } from "./files.ts";
import { parquetBytes } from "./write-parquet.ts";

const SUM = { instruction: "What is 7 + 5?", output: "12", source: "sums" };

interface Asked {
  readonly path: string;
  readonly range: string | null;
  readonly token: string | null;
}

/** A server with the Hub's interface for one data set, and what it was asked. */
function fakeHub(files: Readonly<Record<string, string | Uint8Array>>): {
  readonly options: ReadRowsOptions;
  readonly asked: Asked[];
} {
  const asked: Asked[] = [];
  const json = (value: unknown, status = 200) =>
    new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json" } });
  const answer = (url: URL, range: string | null): Response => {
    const [, place] = /^\/api\/datasets\/ann\/sums\/tree\/main(.*)$/.exec(url.pathname) ?? [];
    if (place !== undefined) {
      const inside = Object.keys(files).filter((path) => `/${path}`.startsWith(place));
      const names = inside.filter(
        (path) => url.searchParams.get("recursive") === "true" || !path.slice(place.length).includes("/"),
      );
      return json(names.map((path) => ({ type: "file", path, size: Buffer.from(files[path] ?? "").length })));
    }
    const [, name = ""] = /^\/datasets\/ann\/sums\/resolve\/main\/(.*)$/.exec(url.pathname) ?? [];
    const file = files[name];
    if (file === undefined) return json({ error: "Entry not found" }, 404);
    const bytes = Uint8Array.from(Buffer.from(file));
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
    const part = first === undefined ? bytes : bytes.slice(Number(first), Number(last) + 1);
    const headers = { etag: '"1"', "content-range": `bytes ${first}-${last}/${bytes.length}` };
    return new Response(part, { status: first === undefined ? 200 : 206, headers });
  };
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const range = request.headers.get("range");
    asked.push({
      path: decodeURIComponent(url.pathname),
      range,
      token: request.headers.get("authorization"),
    });
    return answer(url, range);
  };
  return { options: { hub: { hubUrl: "https://hub.test", accessToken: "hf_test", fetch } }, asked };
}

const read = (address: string, hub: ReturnType<typeof fakeHub>) => all(readRows(address, hub.options));

describe("readRows of hf://datasets", () => {
  it("streams a file, packed or not, and sends the token", async () => {
    const hub = fakeHub({ "a.jsonl": lines(SUM), "b.jsonl.gz": gzipSync(lines(SUM, SUM)) });
    expect(await read("hf://datasets/ann/sums/a.jsonl", hub)).toEqual([SUM]);
    expect(await read("hf://datasets/ann/sums/b.jsonl.gz", hub)).toEqual([SUM, SUM]);
    expect(hub.asked.every(({ token }) => token === "Bearer hf_test")).toBe(true);
  });

  it("reads all files of a data set, a folder or a pattern, by name", async () => {
    const file = (source: string) => lines({ ...SUM, source });
    const hub = fakeHub({
      "README.md": "# Sums",
      "data/train-00001-of-00002.jsonl": file("second"),
      "data/train-00000-of-00002.jsonl": file("first"),
    });
    const names = async (address: string) => (await read(address, hub)).map(({ source }) => source);
    expect(await names("hf://datasets/ann/sums")).toEqual(["first", "second"]);
    expect(await names("hf://datasets/ann/sums/data")).toEqual(["first", "second"]);
    expect(await names("hf://datasets/ann/sums/data/train-*.jsonl@main")).toEqual(["first", "second"]);
    expect(await names("hf://datasets/ann/sums@main/data/*-00001-*")).toEqual(["second"]);
    const rows = await all(readRows("hf://datasets/ann/sums", { ...hub.options, source: "file" }));
    expect(rows.map(({ source }) => source)).toEqual(["train", "train"]);
  });

  it("reads Parquet by ranges", async () => {
    const text = Array.from({ length: 6 }, (_, i) => `${i}`.repeat(200_000));
    const hub = fakeHub({ "train.parquet": parquetBytes({ columns: { text }, rowsPerGroup: 1 }) });
    for await (const row of readRows("hf://datasets/ann/sums/train.parquet", {
      ...hub.options,
      source: "none",
    })) {
      expect(row).toEqual({ text: text[0], source: "all" });
      break;
    }
    const sizes = hub.asked.map(({ range }) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
      return Number(last) - Number(first) + 1;
    });
    // the size, the first four bytes, the half MiB that holds the footer, and the first row group
    expect(sizes).toEqual([1, 4, 2 ** 19, expect.closeTo(200_000, -2)]);
  });

  it("will not mix a test set or another format into the training set", async () => {
    const hub = fakeHub({ "data/test.jsonl": lines(SUM), "data/train.jsonl": lines(SUM), "x/a.txt": "a" });
    expect(await refusalOf(read("hf://datasets/ann/sums/data", hub))).toBe(
      'RangeError: readRows: "source" must be files of one split and one format (give a file, a folder or a pattern with *), got data/test.jsonl beside data/train.jsonl at hf://datasets/ann/sums/data',
    );
    expect(await refusalOf(read("hf://datasets/ann/sums", hub))).toContain("one split and one format");
    expect(await read("hf://datasets/ann/sums/data/tr*", hub)).toEqual([SUM]);
  });

  it("asks for the revision that is named, slashes and all", async () => {
    const asked: string[] = [];
    const fetch = async (input: string | URL | Request): Promise<Response> => {
      asked.push(new URL(new Request(input).url).pathname);
      return new Response("[]", { headers: { "content-type": "application/json" } });
    };
    const options = { hub: { hubUrl: "https://hub.test", fetch } };
    for (const address of [
      "ann/sums/data@refs%2Fconvert%2Fparquet",
      "ann/sums@refs%2Fconvert%2Fparquet/data",
    ]) {
      await refusalOf(all(readRows(`hf://datasets/${address}`, options)));
    }
    const wanted = "/api/datasets/ann/sums/tree/refs%2Fconvert%2Fparquet/data";
    expect(asked).toEqual([wanted, wanted]);
  });

  it("says file and line of a bad row, and the status of a refusal", async () => {
    const hub = fakeHub({ "a.jsonl": `${lines(SUM)}{\n`, "empty.jsonl": "" });
    expect(await refusalOf(read("hf://datasets/ann/sums/a.jsonl", hub))).toBe(
      'RangeError: readRows: "source" must hold one JSON object per line, got "{" at hf://datasets/ann/sums@main/a.jsonl:2',
    );
    expect(await refusalOf(read("hf://datasets/ann/sums/none.jsonl", hub))).toBe(
      'RangeError: readRows: "source" must be a readable file, got HTTP status 404 at hf://datasets/ann/sums@main/none.jsonl',
    );
    expect(await refusalOf(read("hf://datasets/ann/other", hub))).toBe(
      'RangeError: readRows: "source" must be a readable file, got HTTP status 404 at hf://datasets/ann/other',
    );
    expect(await refusalOf(read("hf://datasets/ann/sums/x*", hub))).toBe(
      'RangeError: readRows: "source" must have files of rows (.jsonl, .jsonl.gz, .parquet, .txt), got none at hf://datasets/ann/sums/x*',
    );
  });

  it("says when the server gives less than it promised, and when nobody answers", async () => {
    const hub = fakeHub({ "a.jsonl": lines(SUM) });
    const { fetch } = hub.options.hub ?? {};
    const short: typeof globalThis.fetch = async (input, init) => {
      const answer = await (fetch ?? globalThis.fetch)(input, init);
      const headers = new Headers(answer.headers);
      if (headers.has("content-range")) headers.set("content-range", "bytes 0-0/500");
      return new Response(await answer.arrayBuffer(), { status: answer.status, headers });
    };
    const options = (other: typeof globalThis.fetch) => ({ hub: { ...hub.options.hub, fetch: other } });
    const address = "hf://datasets/ann/sums/a.jsonl";
    expect(await refusalOf(all(readRows(address, options(short))))).toBe(
      `RangeError: readRows: "source" must stay as it is while it is read, got ${lines(SUM).length} of 500 bytes at hf://datasets/ann/sums@main/a.jsonl`,
    );
    const silent = async (): Promise<Response> => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ENOTFOUND" }) });
    };
    expect(await refusalOf(all(readRows(address, options(silent))))).toBe(
      'RangeError: readRows: "source" must be a readable file, got ENOTFOUND at hf://datasets/ann/sums@main/a.jsonl',
    );
  });

  it.each([
    "hf://datasets/ann",
    "hf://models/ann/sums",
    "hf://datasets/ann/sums@a/b@c",
    "hf://datasets//sums",
    "hf://datasets/ann/sums@%",
  ])("refuses the address %s before any reading", (address) => {
    expect(() => readRows(address)).toThrow(
      new RangeError(
        `readRows: "source" must be hf://datasets/owner/name[/path][@revision], got "${address}"`,
      ),
    );
  });
});

describe("readRows without the package of the Hub", () => {
  afterEach(() => {
    vi.doUnmock("@huggingface/hub");
    vi.resetModules();
  });

  it("says what to install", async () => {
    vi.resetModules();
    vi.doMock("@huggingface/hub", () => {
      throw new Error("Cannot find package");
    });
    const fresh = await import("../src/index.ts");
    expect(await refusalOf(all(fresh.readRows("hf://datasets/ann/sums")))).toBe(
      'RangeError: readRows: "source" hf://… must be read with the package @huggingface/hub, got none: npm install @huggingface/hub',
    );
  });
});
