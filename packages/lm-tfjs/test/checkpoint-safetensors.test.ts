import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeSafetensors } from "../src/checkpoint/encode-safetensors.ts";
import { heldFiles } from "../src/checkpoint/files.ts";
import { folder } from "../src/checkpoint/folder.ts";
import type { NamedArray } from "../src/checkpoint/named-array.ts";
import { openSafetensors, readSafetensors } from "../src/checkpoint/read-safetensors.ts";

const text = new TextEncoder();

/** A file of the given header text, its length told truly unless said otherwise, and `dataBytes` zeros. */
function file(header: string, dataBytes = 0, length = text.encode(header).length): Uint8Array {
  const body = text.encode(header);
  const bytes = new Uint8Array(8 + body.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(body, 8);
  return bytes;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function read(bytes: Uint8Array): Promise<Map<string, NamedArray>> {
  return readSafetensors(heldFiles(new Map([["w", bytes]])), "w");
}

function tensor(dtype: string, shape: number[], offsets: number[]): object {
  return { dtype, shape, data_offsets: offsets };
}

describe("a safetensors file by hand", () => {
  it("is 8 bytes of length, the header in JSON padded with spaces, and the entries", async () => {
    const pieces = encodeSafetensors(new Map([["w", { shape: [2], data: Float32Array.of(1, -2) }]]), {});
    const header = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(56);
    const entries = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0];
    expect([...join(pieces)]).toEqual([56, 0, 0, 0, 0, 0, 0, 0, ...text.encode(padded), ...entries]);
    expect([...((await read(join(pieces))).get("w")?.data ?? [])]).toEqual([1, -2]);
  });

  it("reads half precision: 1, -2, the smallest subnormal, 65504, infinity", async () => {
    const bytes = file(JSON.stringify({ h: tensor("F16", [5], [0, 10]) }), 10);
    new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00]).forEach((word, i) => {
      new DataView(bytes.buffer).setUint16(bytes.length - 10 + 2 * i, word, true);
    });
    expect([...((await read(bytes)).get("h")?.data ?? [])]).toEqual([1, -2, 2 ** -24, 65504, Infinity]);
  });

  it("reads bfloat16 as the upper half of float32", async () => {
    const bytes = file(JSON.stringify({ b: tensor("BF16", [2], [0, 4]) }), 4);
    bytes.set([0xc0, 0x3f, 0x80, 0xc0], bytes.length - 4);
    expect([...((await read(bytes)).get("b")?.data ?? [])]).toEqual([1.5, -4]);
  });

  it("reads scalars, empty tensors and metadata", async () => {
    const header = {
      __metadata__: { a: "1" },
      e: tensor("F32", [0, 4], [0, 0]),
      s: tensor("F32", [], [0, 4]),
    };
    const files = heldFiles(new Map([["w", file(JSON.stringify(header), 4)]]));
    const open = await openSafetensors(files, "w");
    expect([...open.metadata]).toEqual([["a", "1"]]);
    expect(await open.read("e")).toEqual({ shape: [0, 4], data: new Float32Array(0) });
    expect(await open.read("s")).toEqual({ shape: [], data: Float32Array.of(0) });
    await expect(open.read("t")).rejects.toThrow(
      new RangeError('openSafetensors: "name" must be a tensor of "w", got "t"'),
    );
  });
});

describe("laws", () => {
  const tensors = fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__"),
    fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 6 }),
    { maxKeys: 5 },
  );

  it("what is written is read back bit for bit, in any order of insertion the same bytes", async () => {
    await fc.assert(
      fc.asyncProperty(tensors, async (made) => {
        const list = Object.entries(made).map(([name, values]): [string, NamedArray] => [
          name,
          { shape: [values.length, 1], data: Float32Array.from(values) },
        ]);
        const bytes = join(encodeSafetensors(new Map(list)));
        expect(join(encodeSafetensors(new Map(list.toReversed())))).toEqual(bytes);
        expect(new Map(list)).toEqual(await read(bytes));
      }),
    );
  });

  it("every file that was cut off is refused", async () => {
    const whole = join(
      encodeSafetensors(
        new Map([
          ["a", { shape: [3], data: Float32Array.of(1, 2, 3) }],
          ["b", { shape: [1, 2], data: Float32Array.of(4, 5) }],
        ]),
      ),
    );
    for (let length = 0; length < whole.length; length++) {
      await expect(read(whole.subarray(0, length)), `${length}`).rejects.toThrow(RangeError);
    }
    await expect(read(whole)).resolves.toHaveProperty("size", 2);
  });

  it("a header with a byte changed is refused with a RangeError or read within the file, never anything else", async () => {
    const whole = join(encodeSafetensors(new Map([["a", { shape: [3], data: Float32Array.of(1, 2, 3) }]])));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 13), fc.nat(255), async (at, byte) => {
        const changed = whole.slice();
        changed[at] = byte;
        const outcome = await read(changed).catch((error: unknown) => error);
        expect(outcome instanceof Map || outcome instanceof RangeError).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("bad files, one clear line each", () => {
  const one = tensor("F32", [1], [0, 4]);
  const cases: [what: string, bytes: Uint8Array, message: string][] = [
    ["empty", new Uint8Array(0), "have at least 8 bytes, got 0"],
    [
      "a header larger than the file",
      file("{}", 0, 4096),
      "contain its own header, got a header of 4096 bytes in a file of 10: the file is cut off or not a safetensors file",
    ],
    ["an array as header", file("[]"), "have a JSON object as header, got an array of 0"],
    ["a number as tensor", file('{"a":1}'), 'describe a tensor, got 1 at "a"'],
    [
      "a name twice",
      file(`{"a":${JSON.stringify(one)},"\\u0061":${JSON.stringify(one)}}`, 4),
      'have distinct names, got "a" twice',
    ],
    [
      "an unknown type",
      file(JSON.stringify({ a: tensor("F8_E4M3", [1], [0, 1]) }), 1),
      'hold types of F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL, got "F8_E4M3" at "a"',
    ],
    [
      "a negative size",
      file(JSON.stringify({ a: tensor("F32", [-1], [0, 4]) }), 4),
      'have shapes of natural numbers, got an array of 1 at "a"',
    ],
    [
      "descending offsets",
      file(JSON.stringify({ a: tensor("F32", [1], [4, 0]) }), 4),
      'have two ascending offsets for each tensor, got [4, 0] at "a"',
    ],
    [
      "a size that the shape does not give",
      file(JSON.stringify({ a: tensor("F32", [2], [0, 4]) }), 4),
      'have the bytes that its shapes take, got 4 bytes for F32 [2], which takes 8, at "a"',
    ],
    [
      "a shape whose product overflows",
      file(JSON.stringify({ a: tensor("F32", [2 ** 52, 2 ** 52], [0, 4]) }), 4),
      'have the bytes that its shapes take, got 4 bytes for F32 [4503599627370496, 4503599627370496], which takes 8.112963841460668e+31, at "a"',
    ],
    [
      "a tensor outside the file",
      file(JSON.stringify({ a: one }), 3),
      'contain its tensors, got bytes 62 to 66 in a file of 65 at "a"',
    ],
    [
      "overlapping tensors",
      file(JSON.stringify({ a: tensor("F32", [2], [0, 8]), b: tensor("F32", [1], [4, 8]) }), 8),
      'hold tensors that do not overlap, got bytes 119 to 123 in a file of 123 at "b"',
    ],
    [
      "a hole between tensors",
      file(JSON.stringify({ a: one, b: tensor("F32", [1], [8, 12]) }), 12),
      'hold tensors without holes between them, got bytes 124 to 128 in a file of 128 at "b"',
    ],
    [
      "bytes behind the last tensor",
      file(JSON.stringify({ a: one }), 7),
      "end with its last tensor, got 3 bytes more",
    ],
    ["metadata that is no text", file('{"__metadata__":{"k":1}}'), 'have metadata of text, got 1 at "k"'],
  ];
  it.each(cases)("%s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toThrow(new RangeError(`openSafetensors: "w" must ${message}`));
  });

  it("a header that is not JSON", async () => {
    await expect(read(file("{nope}"))).rejects.toThrow(
      /^openSafetensors: "w" must have a header in JSON, got [^\n]+$/,
    );
  });

  it("no file, here or in a folder", async () => {
    await expect(readSafetensors(heldFiles(new Map()), "w")).rejects.toThrow(
      new RangeError('openSafetensors: "w" must be a file, got no such file'),
    );
    await expect(readSafetensors(folder("nowhere/"), "w")).rejects.toThrow(
      new RangeError('openSafetensors: "nowhere/w" must be a file, got no such file'),
    );
  });

  it("tensors that cannot be written", () => {
    const write = (data: Float32Array, shape: number[]): unknown =>
      encodeSafetensors(new Map([["w", { shape, data }]]));
    expect(() => write(Float32Array.of(1, NaN), [2])).toThrow(
      new RangeError('encodeSafetensors: "tensors" must be finite, got NaN at "w", entry 1'),
    );
    expect(() => write(Float32Array.of(1), [2])).toThrow(
      new RangeError(
        'encodeSafetensors: "tensors" must be as long as their shapes say, got 1 entries for [2] at "w"',
      ),
    );
    expect(() =>
      encodeSafetensors(new Map([["__metadata__", { shape: [0], data: new Float32Array(0) }]])),
    ).toThrow(
      new RangeError('encodeSafetensors: "tensors" must not use the reserved name, got "__metadata__"'),
    );
  });
});

const samples = new URL("../../../../shared/models/safetensors-samples/", import.meta.url);
const golden = new URL("../../../../shared/golden/hf/", import.meta.url);

describe.skipIf(!existsSync(samples))(
  "the samples of the reference implementation, one for each type",
  () => {
    const expected = existsSync(samples)
      ? JSON.parse(readFileSync(new URL("expected.json", samples), "utf8"))
      : {};
    it.each(Object.keys(expected))("%s", async (name) => {
      const open = await openSafetensors(folder(fileURLToPath(samples)), name);
      expect(Object.fromEntries(open.metadata)).toEqual(expected[name].metadata ?? {});
      expect([...open.entries.keys()].sort()).toEqual(Object.keys(expected[name].tensors).sort());
      for (const [key, { dtype, shape, values }] of Object.entries<{
        dtype: string;
        shape: number[];
        values: number[];
      }>(expected[name].tensors)) {
        expect(open.entries.get(key)?.dtype).toBe(dtype);
        expect(await open.read(key)).toEqual({ shape, data: Float32Array.from(values.flat(), Number) });
      }
    });
  },
);

describe.skipIf(!existsSync(golden))("files of the reference writer", () => {
  it.each(["llama", "llama3-tied", "llama/adapter", "gpt2"])(
    "%s is written again to the same bytes",
    async (name) => {
      const file = name.endsWith("adapter") ? "adapter_model.safetensors" : "model.safetensors";
      const place = fileURLToPath(new URL(`${name}/`, golden));
      const bytes = join(encodeSafetensors(await readSafetensors(folder(place), file)));
      expect(Buffer.compare(bytes, readFileSync(`${place}${file}`))).toBe(0);
    },
  );
});

it.runIf(!existsSync(samples) || !existsSync(golden))("golden files are missing: skipped", () => {
  expect(existsSync(samples) && existsSync(golden)).toBe(false);
});
