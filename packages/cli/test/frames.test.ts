import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { matrix, normal } from "@colm/array";
import { createSelector } from "@colm/coreset";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteReader } from "../src/select/byte-reader.ts";
import { runMain } from "./run-main.ts";

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));

/** A frame of any header, with a length that may lie. */
function frame(header: unknown, rows: Uint8Array = new Uint8Array(), length?: number): Buffer {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length ?? text.length);
  return Buffer.concat([Buffer.from("COLM"), size, text, rows]);
}

function request(values: Float32Array | Float64Array, n: number, sources?: (number | string)[]): Buffer {
  const dtype = values instanceof Float32Array ? "float32" : "float64";
  const header = { n, d: values.length / n, dtype, ...(sources && { sources }) };
  return frame(header, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** The answers on a pipe. */
function answers(bytes: Buffer): unknown[] {
  const found: unknown[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes.subarray(at, at + 4).toString()).toBe("COLM");
    const end = at + 8 + bytes.readUInt32LE(at + 4);
    found.push(JSON.parse(bytes.subarray(at + 8, end).toString()));
    at = end;
  }
  return found;
}

const [n, d] = [10, 4];
const pools = [1, 2, 3].map((seed) => normal(new Float32Array(n * d), { seed }));
const labels = [0, 0, 0, 1, 0, 0, 2, 0, 2, 1];
const frames = ["select", "--frames", "--budget", "4"];

describe("frames", () => {
  it("answers one after the other, the history going from each to the next", async () => {
    const sources = { small: [false, true, false] };
    const selector = createSelector({ mode: "official", budget: 4, sources, weighting: "cluster" });
    let state = selector.init();
    const wanted: unknown[] = [];
    const fresh: number[][] = [];
    for (const values of pools) {
      const pool = { gradients: matrix(values, n, d), sources: labels };
      const result = await selector.select(state, pool);
      fresh.push(Array.from((await selector.select(selector.init(), pool)).indices));
      state = result.state;
      wanted.push({ indices: Array.from(result.indices), weights: Array.from(result.weights) });
    }
    const input = Buffer.concat(pools.map((values) => request(values, n, labels)));
    const argv = [...frames, "--method", "official", "--weighting", "cluster", "--small-sources", "1"];
    const { code, stderr, stdout, bytes } = await runMain(argv, [input]);
    expect([code, stderr, stdout]).toEqual([0, "", ""]);
    const given = answers(bytes);
    expect(given).toMatchObject(wanted);
    expect(given).toHaveLength(3);
    // a history that did nothing would not show whether it went on
    expect(given).not.toMatchObject(fresh.map((indices) => ({ indices })));
  });

  it("says the same for float64, for texts, and whatever pieces the bytes arrive in", async () => {
    const input = Buffer.concat([
      request(pools[0], n, labels),
      request(
        Float64Array.from(pools[1]),
        n,
        labels.map((label) => `source ${label}`),
      ),
      request(pools[2], n),
    ]);
    const { bytes } = await runMain(frames, [input]);
    expect(answers(bytes)).toMatchObject([
      { selected: { "0": expect.any(Number) } },
      { selected: { "source 1": expect.any(Number) } },
      { kept: 0 },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(input.length), { maxLength: 30 }), async (cuts) => {
        const ends = [...cuts, input.length].sort((a, b) => a - b);
        const pieces = ends.map((end, i) => input.subarray(ends[i - 1] ?? 0, end));
        expect((await runMain(frames, pieces)).bytes.equals(bytes)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("may bring other sources in each pool", async () => {
    const input = [
      request(pools[0], n, labels),
      request(
        pools[1],
        n,
        labels.map((label) => label + 7),
      ),
    ];
    const { code, stderr, bytes } = await runMain([...frames, "--small-sources", "1,9"], input);
    expect([code, stderr]).toEqual([0, ""]);
    expect(answers(bytes)).toMatchObject([{ selected: { "1": 2 } }, { selected: { "9": 2 } }]);
  });

  it("says at the end which small sources no frame has named", async () => {
    const input = [request(pools[0], n, labels), request(pools[1], n, labels)];
    const { code, stderr } = await runMain([...frames, "--small-sources", "1,zz,y"], input);
    expect(stderr).toBe('colm select: warning: --small-sources names "zz", "y", which no frame named\n');
    expect(code).toBe(0);
  });

  it("ends well where nothing comes", async () => {
    expect(await runMain(frames, [])).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });
});

describe("a wrong frame is one line and exit code 2; the answers before it stand", () => {
  const good = request(pools[0], n, labels);
  const refused = (name: string, bytes: Uint8Array, message: string, ...more: string[]): void =>
    it(name, async () => {
      const result = await runMain([...frames, ...more], [good, bytes]);
      expect(result.stderr).toBe(`colm select: ${message}\n`);
      expect(result.code).toBe(2);
      expect(answers(result.bytes)).toHaveLength(1);
    });
  const header = (change: object): Buffer =>
    frame({ n: 4, d: 1, dtype: "float32", ...change }, new Uint8Array(16));

  refused("other bytes", Buffer.from("GET / HTTP/1.1"), 'frame 2 must begin with "COLM", got 47 45 54 20');
  refused("a piece of the magic", good.subarray(0, 3), 'frame 2 must begin with "COLM", got 43 4f 4c');
  refused(
    "cut in the length",
    good.subarray(0, 6),
    "frame 2 must be whole, got 2 of the 4 bytes of its header length",
  );
  refused(
    "cut in the header",
    frame({ n: 4 }, new Uint8Array(), 70),
    "frame 2 must be whole, got 7 of the 70 bytes of its header",
  );
  refused(
    "cut in the rows",
    good.subarray(0, -1),
    "frame 2 must be whole, got 159 of the 160 bytes of its rows",
  );
  refused(
    "a header of 4 GB",
    frame("", new Uint8Array(), 2 ** 32 - 1),
    "frame 2 must have a header of at most 67108864 bytes, got 4294967295",
  );
  refused("no JSON", frame("{n: 4}"), "frame 2 must have a header of JSON, got something else");
  refused("a list", frame("[4]"), "frame 2 must have a JSON object as header, got something else");
  refused("no n", frame({ d: 1, dtype: "float32" }), 'frame 2 must have an "n" of at least 1, got undefined');
  refused("n of 0", header({ n: 0 }), 'frame 2 must have an "n" of at least 1, got 0');
  refused("d in a text", header({ d: "1" }), 'frame 2 must have a "d" of at least 1, got "1"');
  refused(
    "another type",
    header({ dtype: "float16" }),
    'frame 2 must have a "dtype" of "float32" or "float64", got "float16"',
  );
  refused(
    "rows beyond all memory",
    header({ n: 2 ** 20, d: 2 ** 20 }),
    "frame 2 must have rows of at most 4294967296 bytes, got 4398046511104",
  );
  refused(
    "a field too many",
    header({ budget: 2 }),
    'frame 2 must have the fields n, d, dtype and sources alone, got "budget"',
  );
  refused(
    "sources of another length",
    header({ sources: [0, 1] }),
    '"sources" of frame 2 must have 4 entries as the features have rows, got 2',
  );
  refused(
    "sources that are null",
    header({ sources: null }),
    '"sources" of frame 2 must be an array of natural numbers or of texts, got null',
  );
  refused(
    "rows that are not finite",
    request(Float32Array.of(1, Infinity, 1, 1), 4),
    '"rows of frame 2" must be finite, got Infinity at [1, 0]',
  );
  refused(
    "fewer rows than the budget",
    request(Float32Array.of(1, 2), 2),
    "frame 2 must have at least the 4 rows of --budget, got 2",
  );
  refused(
    "no sources where small ones are named",
    request(pools[1], n),
    'frame 2 must have "sources" for --small-sources, got none',
    "--small-sources",
    "1",
  );

  it("and so is another number of coordinates than the history has", async () => {
    const wide = request(normal(new Float32Array(n * 5), { seed: 4 }), n, labels);
    const result = await runMain([...frames, "--method", "official"], [good, wide]);
    expect(result.stderr).toMatch(/^colm select: .*\b5\b.*\n$/);
    expect(result.code).toBe(2);
    expect(answers(result.bytes)).toHaveLength(1);
  });

  it("and frames without a standard input", async () => {
    const { code, stderr } = await runMain(frames);
    expect(stderr).toBe("colm select: --frames must have a standard input, got none\n");
    expect(code).toBe(2);
  });
});

describe("the program", () => {
  it("answers a request before the next one comes, and ends with its input", async () => {
    const child = spawn(process.execPath, [bin, ...frames]);
    for (const values of pools) {
      child.stdin.write(request(values, n, labels));
      const [piece] = await once(child.stdout, "data");
      expect(answers(piece)).toHaveLength(1);
    }
    child.stdin.end();
    const [code] = await once(child, "close");
    expect(code).toBe(0);
  });

  it("stops at Ctrl-C while it waits, with code 130", async () => {
    const child = spawn(process.execPath, [bin, ...frames]);
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    child.stdin.write(request(pools[0], n));
    await once(child.stdout, "data");
    child.kill("SIGINT");
    const [code] = await once(child, "close");
    expect(stderr).toContain("colm select: stopped after 1 answers\n");
    expect(code).toBe(130);
  });

  const failing = async (wrong: Buffer, readAnswers: boolean): Promise<{ code: unknown; stderr: string }> => {
    const child = spawn(process.execPath, [bin, ...frames]);
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    if (!readAnswers) child.stdout.destroy();
    // standard input stays open
    child.stdin.write(wrong);
    const [code] = await once(child, "close");
    return { code, stderr };
  };

  it("ends at once when a frame is wrong, though its input stays open", async () => {
    const stderr = 'colm select: frame 1 must begin with "COLM", got 47 45 54 20\n';
    expect(await failing(Buffer.from("GET / HTTP/1.1"), true)).toEqual({ code: 2, stderr });
  });

  it("and when nobody reads its answers", async () => {
    const { code, stderr } = await failing(request(pools[0], n), false);
    expect(stderr).toMatch(/^colm select: .*EPIPE.*\n$/);
    expect(code).toBe(2);
  });
});

describe("byteReader", () => {
  it("gives memory of its own, and less at the end", async () => {
    const piece = Uint8Array.of(1, 2, 3, 4, 5);
    const reader = byteReader(
      (async function* () {
        yield piece.subarray(1, 3);
        yield new Uint8Array();
        yield piece.subarray(3);
      })(),
    );
    expect(await reader.take(0)).toEqual(new Uint8Array());
    const first = await reader.take(3);
    piece.fill(0);
    expect(first).toEqual(Uint8Array.of(2, 3, 4));
    expect((await reader.take(9)).length).toBe(1);
    expect((await reader.take(1)).length).toBe(0);
  });
});
