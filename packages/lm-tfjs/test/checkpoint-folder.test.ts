import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeSafetensors } from "../src/checkpoint/encode-safetensors.ts";
import { type Files, heldFiles } from "../src/checkpoint/files.ts";
import { parseModelConfig } from "../src/checkpoint/model-config.ts";
import type { NamedArray } from "../src/checkpoint/named-array.ts";
import { openCheckpoint, readCheckpoint } from "../src/checkpoint/read-checkpoint.ts";
import { weightShapes } from "../src/checkpoint/weight-shapes.ts";
import { writeFolder } from "../src/checkpoint/write-folder.ts";

const fields = {
  model_type: "llama",
  vocab_size: 3,
  hidden_size: 4,
  intermediate_size: 2,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  tie_word_embeddings: true,
};
const shapes = weightShapes(parseModelConfig(fields));
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const join8 = (pieces: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(pieces.flatMap((piece) => [...piece]));

/** Weight k holds k in every entry. */
function weights(): Map<string, NamedArray> {
  return new Map(
    [...shapes].map(([name, shape], k) => [
      name,
      { shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(k) },
    ]),
  );
}

function files(change: (weights: Map<string, NamedArray>) => void = () => {}): Map<string, Uint8Array> {
  const made = weights();
  change(made);
  return new Map([
    ["config.json", json(fields)],
    ["model.safetensors", join8(encodeSafetensors(made))],
  ]);
}

describe("openCheckpoint and readCheckpoint", () => {
  it("give the weights in the order of a forward pass", async () => {
    const { config, weights: read, tokenizer } = await readCheckpoint(heldFiles(files()));
    expect(config).toEqual(parseModelConfig(fields));
    expect([...read]).toEqual([...weights()]);
    expect(tokenizer).toBeUndefined();
  });

  it("read what a browser holds as blobs, in ranges", async () => {
    const blobs = new Map([...files()].map(([name, bytes]) => [name, new Blob([Uint8Array.from(bytes)])]));
    expect((await readCheckpoint(heldFiles(blobs))).weights).toEqual(weights());
  });

  it("never read more than the header or one tensor at a time", async () => {
    const held = heldFiles(files());
    let largest = 0;
    const watched: Files = {
      size: held.size,
      async read(name, start = 0, end) {
        const bytes = await held.read(name, start, end);
        if (name.endsWith(".safetensors")) largest = Math.max(largest, bytes.length);
        return bytes;
      },
    };
    await readCheckpoint(watched);
    const header = new DataView((await held.read("model.safetensors", 0, 8)).slice().buffer).getBigUint64(
      0,
      true,
    );
    const tensors = [...weights().values()].map(({ data }) => data.byteLength);
    expect(largest).toBe(Math.max(Number(header), ...tensors));
  });

  it("ignore a stored output layer beside tied embeddings, and rotary tables", async () => {
    const held = files((made) => {
      made.set("lm_head.weight", { shape: [1], data: Float32Array.of(1) });
      made.set("model.layers.0.self_attn.rotary_emb.inv_freq", { shape: [1], data: Float32Array.of(1) });
    });
    expect((await readCheckpoint(heldFiles(held))).weights).toEqual(weights());
  });

  it("read GPT-2 as its own repository has it: without the first part of each name, with masks beside the weights", async () => {
    const gpt2 = { model_type: "gpt2", vocab_size: 3, n_embd: 4, n_layer: 1, n_head: 2, n_positions: 5 };
    const expected = weightShapes(parseModelConfig(gpt2));
    const stored = new Map(
      [...expected].map(([name, shape], k) => [
        name.replace("transformer.", ""),
        { shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(k) },
      ]),
    );
    stored.set("h.0.attn.bias", { shape: [1], data: Float32Array.of(1) });
    const held = new Map([
      ["config.json", json(gpt2)],
      ["model.safetensors", join8(encodeSafetensors(stored))],
    ]);
    const { weights: read } = await readCheckpoint(heldFiles(held));
    expect([...read.keys()]).toEqual([...expected.keys()]);
    expect([...read.values()].map(({ data }) => data[0])).toEqual([...read.keys()].map((_, k) => k));
  });

  it("read shards", async () => {
    const all = [...weights()];
    const parts = [new Map(all.slice(0, 4)), new Map(all.slice(4))];
    const map = Object.fromEntries(
      parts.flatMap((part, i) => [...part.keys()].map((name) => [name, `m${i}.safetensors`])),
    );
    const held = new Map<string, Uint8Array>([
      ["config.json", json(fields)],
      ["model.safetensors.index.json", json({ metadata: {}, weight_map: map })],
      ...parts.map((part, i): [string, Uint8Array] => [`m${i}.safetensors`, join8(encodeSafetensors(part))]),
    ]);
    expect((await readCheckpoint(heldFiles(held))).weights).toEqual(weights());

    const index = (change: object): Map<string, Uint8Array> =>
      new Map([...held, ["model.safetensors.index.json", json({ weight_map: { ...map, ...change } })]]);
    const cases: [change: object, message: string][] = [
      [
        { x: "m0.safetensors" },
        'openCheckpoint: "m0.safetensors" must hold "x" as its index says, got no such tensor',
      ],
      [{ x: "m7.safetensors" }, 'openSafetensors: "m7.safetensors" must be a file, got no such file'],
      [
        { x: "../m0.safetensors" },
        'openCheckpoint: "model.safetensors.index.json: x" must be the name of a safetensors file beside it, got "../m0.safetensors"',
      ],
      [
        { "model.norm.weight": undefined },
        'openCheckpoint: "model.safetensors.index.json" must list every tensor of its shards, got none for "model.norm.weight" of m1.safetensors',
      ],
    ];
    for (const [change, message] of cases) {
      await expect(openCheckpoint(heldFiles(index(change)))).rejects.toThrow(message);
    }
  });

  it("refuse missing, unexpected and misshapen weights with one line each, before reading any", async () => {
    const held = files((made) => {
      made.delete("model.norm.weight");
      made.set("model.layers.0.mlp.up_proj.weight", { shape: [8], data: new Float32Array(8) });
      made.set("extra", { shape: [1], data: Float32Array.of(NaN).fill(0) });
    });
    await expect(openCheckpoint(heldFiles(held))).rejects.toThrow(
      new RangeError(
        [
          'openCheckpoint: the weights of "model.safetensors" must be those of its config.json, got',
          '  "model.layers.0.mlp.up_proj.weight" must have shape [2, 4], got [8]',
          '  "model.norm.weight" is missing',
          '  "extra" is unexpected',
        ].join("\n"),
      ),
    );
  });

  it("refuse a weight that is not finite", async () => {
    const held = files();
    held.get("model.safetensors")?.set([0, 0, 0xc0, 0x7f], (held.get("model.safetensors")?.length ?? 0) - 4);
    await expect(readCheckpoint(heldFiles(held))).rejects.toThrow(
      new RangeError('openCheckpoint: "model.norm.weight" must be finite, got NaN at entry 3'),
    );
  });

  it("refuse missing and broken files", async () => {
    await expect(openCheckpoint("no-such-folder")).rejects.toThrow(
      new RangeError(
        'openCheckpoint: "no-such-folder/config.json" must be a file, got no such file: is this a Hugging Face model folder?',
      ),
    );
    await expect(openCheckpoint(heldFiles(new Map([["config.json", json(fields)]])))).rejects.toThrow(
      new RangeError(
        'openCheckpoint: "model.safetensors" must be a file, got neither it nor model.safetensors.index.json',
      ),
    );
    await expect(openCheckpoint(heldFiles(new Map([["config.json", json([])]])))).rejects.toThrow(
      new RangeError('openCheckpoint: "config.json" must be a JSON object, got an array of 0'),
    );
    await expect(openCheckpoint(heldFiles(new Map([["config.json", Uint8Array.of(0x7b)]])))).rejects.toThrow(
      /^openCheckpoint: "config.json" must be JSON, got [^\n]+$/,
    );
  });

  it("refuse a tokenizer that does not fit the vocabulary", async () => {
    const tokenizer = {
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: "Fuse" },
      model: { type: "BPE", vocab: { a: 0, b: 1, c: 2, d: 3 }, merges: [] },
    };
    const held = files().set("tokenizer.json", json(tokenizer));
    await expect(openCheckpoint(heldFiles(held))).rejects.toThrow(
      new RangeError(
        'openCheckpoint: "tokenizer.json" must fit the model\'s vocabulary, ids below 3, got ids up to 3',
      ),
    );
  });
});

describe("writeFolder", () => {
  let path = "";
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), "colm-"));
  });
  afterEach(() => rm(path, { recursive: true }));
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it("writes every piece, makes the folder and leaves no temporary file", async () => {
    const deep = join(path, "a", "b");
    await writeFolder(
      deep,
      new Map([
        ["x.txt", [bytes("one "), bytes("two")]],
        ["y.txt", []],
      ]),
    );
    expect(await readdir(deep)).toEqual(["x.txt", "y.txt"]);
    expect(await readFile(join(deep, "x.txt"), "utf8")).toBe("one two");
  });

  it.runIf(existsSync("/dev/full"))("leaves the old files as they were when the disk is full", async () => {
    await writeFile(join(path, "x.txt"), "old");
    // the second file's bytes go to a device that is always full
    await symlink("/dev/full", join(path, "y.txt.partial"));
    const written = writeFolder(
      path,
      new Map([
        ["x.txt", [bytes("new")]],
        ["y.txt", [bytes("new")]],
      ]),
    );
    await expect(written).rejects.toThrow(
      `writeFolder: "${join(path, "y.txt")}" must be writable, got ENOSPC`,
    );
    expect(await readdir(path)).toEqual(["x.txt"]);
    expect(await readFile(join(path, "x.txt"), "utf8")).toBe("old");
  });

  it("says which file cannot be written", async () => {
    await mkdir(join(path, "x.txt.partial"));
    await expect(writeFolder(path, new Map([["x.txt", [bytes("new")]]]))).rejects.toThrow(
      `writeFolder: "${join(path, "x.txt")}" must be writable, got EISDIR`,
    );
  });
});

const models = new URL("../../../../shared/models/", import.meta.url);

describe.skipIf(!existsSync(models))("a trained model in three forms", () => {
  const read = (name: string): ReturnType<typeof readCheckpoint> =>
    readCheckpoint(fileURLToPath(new URL(name, models)));

  it("has the same weights whole and in shards, and close ones in bfloat16", async () => {
    const whole = await read("stories260K-hf");
    expect(whole.tokenizer?.vocabularySize).toBe(512);
    expect((await read("stories260K-hf-sharded")).weights).toEqual(whole.weights);
    const rounded = await read("stories260K-hf-bf16");
    expect([...rounded.weights.keys()]).toEqual([...whole.weights.keys()]);
    for (const [name, { data }] of whole.weights) {
      // bfloat16 keeps 8 significant bits
      const other = rounded.weights.get(name)?.data ?? new Float32Array(data.length);
      const worst = data.reduce(
        (w, x, i) => Math.max(w, Math.abs(x - other[i]) / Math.max(Math.abs(x), 1e-30)),
        0,
      );
      expect(worst).toBeLessThanOrEqual(2 ** -8);
    }
  });
});

it.runIf(!existsSync(models))("golden files are missing: skipped", () => {
  expect(existsSync(models)).toBe(false);
});
