import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type CausalLM,
  chooseBackend,
  createModel,
  type Files,
  heldFiles,
  loadModel,
  parseModelConfig,
  saveModel,
} from "../src/index.ts";
import { architectures } from "../src/model/architectures/all.ts";
import { tinyArchitectures } from "./tiny-architectures.ts";
import { tinyBatch } from "./tiny-model.ts";

/** Deviations of an estimate from what it estimates, in its own standard deviations: 5 are exceeded once in two million draws. */
const DEVIATIONS = 5;

const vocab = Object.fromEntries(Array.from("abcdefghijklmnopqrstuvw", (letter, id) => [letter, id]));
const texts = {
  "tokenizer.json": JSON.stringify({
    added_tokens: [{ id: 23, content: "<end>", special: true }],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: "Fuse" },
    model: { type: "BPE", vocab: { ...vocab, "<end>": 23 }, merges: [] },
  }),
  "tokenizer_config.json": JSON.stringify({ eos_token: "<end>" }),
  "chat_template.jinja": "{{ messages }}",
};

/** A place with a description of a model and nothing else. */
function described(fields: Record<string, unknown>): Files {
  const held = { ...texts, "config.json": JSON.stringify(fields) };
  return heldFiles(
    new Map(Object.entries(held).map(([name, text]) => [name, new TextEncoder().encode(text)])),
  );
}

async function valuesOf(of: CausalLM): Promise<Map<string, Float32Array>> {
  const entries = [...of.parameters()].map(async ([name, view]) => [name, await view.data()] as const);
  return new Map(await Promise.all(entries));
}

let folder: string;
const models: CausalLM[] = [];
const keep = (model: CausalLM): CausalLM => {
  models.push(model);
  return model;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "colm-lm-"));
  await chooseBackend("wasm");
});
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});
afterAll(() => rm(folder, { recursive: true }));

describe("loadModel with fresh weights", () => {
  it("is tried on every architecture", () => {
    const tried = new Set(tinyArchitectures.map(([, { model_type: type }]) => type));
    expect([...tried].sort()).toEqual([...architectures.keys()].sort());
  });

  it.each(tinyArchitectures)(
    "%s: its shapes, and the start that transformers gives it",
    async (_, fields) => {
      const model = keep(await loadModel(described(fields), { fresh: { seed: 3 } }));
      const own = keep(createModel(parseModelConfig(fields), { seed: 4 }));
      const shapes = (of: CausalLM) => [...of.parameters()].map(([name, { shape }]) => [name, shape]);
      expect(shapes(model)).toEqual(shapes(own));
      expect(model.config).toEqual(own.config);
      let [count, sum, squares] = [0, 0, 0];
      for (const [name, values] of await valuesOf(model)) {
        if (/(norm|ln_\d|ln_f)\w*\.weight$/.test(name)) expect(new Set(values), name).toEqual(new Set([1]));
        else if (name.endsWith(".bias")) expect(new Set(values), name).toEqual(new Set([0]));
        else {
          const isScaled = fields.model_type === "gpt2" && name.endsWith("c_proj.weight");
          const deviation = isScaled ? 0.3 / Math.sqrt(2 * 2) : 0.3;
          const own = values.reduce((total, value) => total + (value / deviation) ** 2, 0);
          const expected = values.length;
          expect(Math.abs(own - expected), name).toBeLessThan(DEVIATIONS * Math.sqrt(2 * expected));
          count += expected;
          squares += own;
          sum += values.reduce((total, value) => total + value / deviation, 0);
        }
      }
      expect(Math.abs(sum)).toBeLessThan(DEVIATIONS * Math.sqrt(count));
      expect(Math.abs(squares - count)).toBeLessThan(DEVIATIONS * Math.sqrt(2 * count));
      expect([...model.parameters().values()].every(({ trainable }) => trainable)).toBe(true);
      expect((await model.losses(tinyBatch())).every((loss) => loss >= 0 && loss < 20)).toBe(true);
    },
  );

  it("draws the same bits from the same seed on every back end, as createModel, and others from another", async () => {
    const [, fields] = tinyArchitectures[0];
    const onWasm = await valuesOf(keep(await loadModel(described(fields), { fresh: { seed: 7 } })));
    const other = await valuesOf(keep(await loadModel(described(fields), { fresh: { seed: 8 } })));
    const stream = await valuesOf(
      keep(await loadModel(described(fields), { fresh: { seed: 7, stream: 1 } })),
    );
    const made = await valuesOf(keep(createModel(parseModelConfig(fields), { seed: 7 })));
    const embedding = "model.embed_tokens.weight";
    expect(made).toEqual(onWasm);
    expect(other.get(embedding)).not.toEqual(onWasm.get(embedding));
    expect(stream.get(embedding)).not.toEqual(onWasm.get(embedding));
    // pinned: a machine or an engine that draws otherwise shows here
    expect([...(onWasm.get(embedding) ?? [])].slice(0, 3)).toMatchInlineSnapshot(`
      [
        -0.0646059587597847,
        -0.06472966074943542,
        0.6059826612472534,
      ]
    `);
    const before = models.splice(0);
    for (const model of before) model.dispose();
    await chooseBackend("cpu");
    try {
      const model = await loadModel(described(fields), { fresh: { seed: 7 } });
      expect(await valuesOf(model)).toEqual(onWasm);
      model.dispose();
    } finally {
      await chooseBackend("wasm");
    }
  });

  it("starts the embedding of the padding token as zeros, but for GPT-2", async () => {
    for (const [name, fields] of tinyArchitectures) {
      const model = await loadModel(described({ ...fields, pad_token_id: 2 }), { fresh: { seed: 3 } });
      const [embedding] = await valuesOf(model);
      const row = embedding[1].subarray(2 * 16, 3 * 16);
      expect(
        row.every((value) => value === 0),
        name,
      ).toBe(fields.model_type !== "gpt2");
      expect(embedding[1].subarray(16, 2 * 16).every((value) => value !== 0)).toBe(true);
      model.dispose();
    }
  });

  it("is written as a whole folder, tokenizer and chat template with it, that opens again", async () => {
    const model = keep(await loadModel(described(tinyArchitectures[0][1]), { fresh: { seed: 3 } }));
    await saveModel(model, join(folder, "whole"));
    expect((await readdir(join(folder, "whole"))).sort()).toEqual([
      "chat_template.jinja",
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(await readFile(join(folder, "whole", "chat_template.jinja"), "utf8")).toBe("{{ messages }}");
    const again = keep(await loadModel(join(folder, "whole")));
    expect(await valuesOf(again)).toEqual(await valuesOf(model));
    expect([...(again.tokenizer?.encode("abc") ?? [])]).toEqual([0, 1, 2]);
    expect(again.tokenizer?.eosId).toBe(23);
  });

  it("opens no file of weights", async () => {
    const files = described(tinyArchitectures[0][1]);
    const read: string[] = [];
    const watched: Files = {
      ...files,
      read: (name, start, end) => {
        read.push(name);
        return files.read(name, start, end);
      },
    };
    keep(await loadModel(watched, { fresh: { seed: 3 } }));
    expect(read.sort()).toEqual(["config.json", "tokenizer.json", "tokenizer_config.json"]);
  });

  it("refuses bad seeds, an adapter, a model that does not fit and a place without a description", async () => {
    const place = described(tinyArchitectures[0][1]);
    const tensors = tf.memory().numTensors;
    const refused = (options: Parameters<typeof loadModel>[1], message: string) =>
      expect(loadModel(place, options)).rejects.toThrow(message);
    await refused(
      { fresh: { seed: -1 } },
      'loadModel: "fresh.seed" must be an integer of at least 0, got -1',
    );
    await refused(
      { fresh: { seed: 1, stream: 0.5 } },
      'loadModel: "fresh.stream" must be an integer in [0, 2147483647], got 0.5',
    );
    await refused(
      { fresh: { seed: 1 }, adapter: "adapter" },
      'loadModel: "adapter" must not be given with "fresh": it fits the trained weights alone',
    );
    await refused({ fresh: { seed: 1 }, memoryLimit: 100 }, 'loadModel: "memoryLimit" must be at least ');
    await expect(loadModel(heldFiles(new Map()), { fresh: { seed: 1 } })).rejects.toThrow(
      'loadModel: "config.json" must be a file, got no such file: is this a Hugging Face model folder?',
    );
    const narrow = described({ ...tinyArchitectures[0][1], vocab_size: 8 });
    await expect(loadModel(narrow, { fresh: { seed: 1 } })).rejects.toThrow(
      'loadModel: "tokenizer.json" must fit the model\'s vocabulary, ids below 8, got ids up to 23',
    );
    expect(() => createModel(parseModelConfig(tinyArchitectures[0][1]), { seed: 0.5 })).toThrow(
      new RangeError('createModel: "seed" must be an integer of at least 0, got 0.5'),
    );
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
