import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseModelConfig } from "../src/checkpoint/model-config.ts";
import { modelConfigFields } from "../src/checkpoint/model-config-fields.ts";
import { weightShapes } from "../src/checkpoint/weight-shapes.ts";
import { goldenRoot, hasGolden } from "./golden-file.ts";
import { tinyArchitectures } from "./tiny-architectures.ts";

const smallest = {
  model_type: "llama",
  vocab_size: 100,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 1,
  num_attention_heads: 4,
};

describe("parseModelConfig", () => {
  it("fills in what transformers fills in", () => {
    expect(parseModelConfig(smallest)).toEqual({
      modelType: "llama",
      vocabSize: 100,
      hiddenSize: 16,
      intermediateSize: 24,
      numHiddenLayers: 1,
      numAttentionHeads: 4,
      numKeyValueHeads: 4,
      headDim: 4,
      maxPositionEmbeddings: 2048,
      normEpsilon: 1e-6,
      hiddenAct: "silu",
      rope: { type: "default", theta: 10000 },
      rotaryDim: 4,
      windows: [null],
      parallelBlocks: false,
      projectionBias: false,
      outputBias: false,
      feedBias: false,
      tieWordEmbeddings: false,
      initializerRange: 0.02,
      eosTokenIds: [],
    });
  });

  it("reads special tokens: one, several, none, and the -1 of early files", () => {
    const tokens = { bos_token_id: 1, eos_token_id: [7, 8], pad_token_id: -1 };
    expect(parseModelConfig({ ...smallest, ...tokens })).toMatchObject({
      bosTokenId: 1,
      eosTokenIds: [7, 8],
    });
    expect(parseModelConfig({ ...smallest, ...tokens })).not.toHaveProperty("padTokenId");
    expect(parseModelConfig({ ...smallest, eos_token_id: 2 }).eosTokenIds).toEqual([2]);
  });

  it("reads the rotary embedding in the forms of transformers 4 and 5 alike", () => {
    const scaling = {
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
      rope_type: "llama3",
    };
    const before = parseModelConfig({ ...smallest, rope_theta: 500000, rope_scaling: scaling });
    const now = parseModelConfig({ ...smallest, rope_parameters: { ...scaling, rope_theta: 500000 } });
    expect(now.rope).toEqual({
      type: "llama3",
      theta: 500000,
      factor: 8,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositionEmbeddings: 8192,
    });
    expect(before).toEqual(now);
    const { rope_type: type, ...rest } = scaling;
    const oldest = { ...smallest, rope_theta: 500000, rope_scaling: { ...rest, type } };
    expect(parseModelConfig(oldest)).toEqual(now);
  });

  it("reads the scalings that need no more than a factor", () => {
    const scaled = (type: string): unknown =>
      parseModelConfig({ ...smallest, rope_scaling: { type, factor: 4 } }).rope;
    expect(scaled("linear")).toEqual({ type: "linear", theta: 10000, factor: 4 });
    expect(scaled("dynamic")).toEqual({ type: "dynamic", theta: 10000, factor: 4 });
  });

  it("reads windows: of all layers, of some by number or by name, and of none", () => {
    const windows = (fields: object): unknown =>
      parseModelConfig({ ...smallest, num_hidden_layers: 3, num_key_value_heads: 4, ...fields }).windows;
    expect(windows({ model_type: "mistral", sliding_window: 8 })).toEqual([8, 8, 8]);
    expect(windows({ model_type: "mistral" })).toEqual([4096, 4096, 4096]);
    expect(windows({ model_type: "mistral", sliding_window: null })).toEqual([null, null, null]);
    const qwen = { model_type: "qwen2", sliding_window: 8, max_window_layers: 2 };
    expect(windows({ ...qwen, use_sliding_window: true })).toEqual([null, null, 8]);
    expect(windows(qwen)).toEqual([null, null, null]);
    const types = ["sliding_attention", "full_attention", "sliding_attention"];
    expect(windows({ ...qwen, use_sliding_window: true, layer_types: types })).toEqual([8, null, 8]);
    expect(() => windows({ ...qwen, use_sliding_window: true, layer_types: ["chunked", "a", "b"] })).toThrow(
      new RangeError(
        'parseModelConfig: "layer_types" must hold "full_attention" or "sliding_attention", got "chunked"',
      ),
    );
    expect(windows({ sliding_window: 8 })).toEqual([null, null, null]);
  });

  it.each(tinyArchitectures)("of %s is read back from what modelConfigFields writes", (_, fields) => {
    const config = parseModelConfig(fields);
    const written = modelConfigFields(config);
    expect(parseModelConfig(JSON.parse(JSON.stringify(written)))).toEqual(config);
  });

  it.skipIf(!hasGolden).each(["gpt2", "llama3-tied", "mistral", "phi", "phi3", "qwen2", "qwen3", "stablelm"])(
    "of %s is written with the values that transformers writes",
    (name) => {
      const theirs = JSON.parse(readFileSync(new URL(`${name}/config.json`, goldenRoot), "utf8"));
      const ours = modelConfigFields(parseModelConfig(theirs));
      // GPT-2 leaves it to the size of the model, and a window that is off is stored either way
      const open = ["n_inner", "max_window_layers"];
      for (const [key, value] of Object.entries(ours)) {
        if (key in theirs && !open.includes(key)) expect([key, value]).toEqual([key, theirs[key]]);
      }
      expect(Object.keys(theirs).filter((key) => key in ours).length).toBeGreaterThan(12);
    },
  );

  it("is read back from what modelConfigFields writes", () => {
    const rope = { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4 };
    const llama3 = { ...rope, original_max_position_embeddings: 64, rope_theta: 5e5 };
    const configs = [
      smallest,
      { ...smallest, bos_token_id: 1, eos_token_id: [2, 3], pad_token_id: 0, tie_word_embeddings: true },
      { ...smallest, num_key_value_heads: 2, head_dim: 8, eos_token_id: 2, rope_parameters: llama3 },
    ];
    for (const fields of configs) {
      const config = parseModelConfig(fields);
      const written = modelConfigFields(config);
      expect(parseModelConfig(JSON.parse(JSON.stringify(written)))).toEqual(config);
      expect(Object.keys(written)).toEqual(Object.keys(written).toSorted());
    }
  });

  const known = '"gpt2", "llama", "mistral", "phi", "phi3", "qwen2", "qwen3", "stablelm"';
  const wrongValues: [key: string, value: unknown, message: string][] = [
    ["model_type", "bert", `"model_type" must be one of ${known}, got "bert"`],
    ["model_type", undefined, `"model_type" must be one of ${known}, got undefined`],
    [
      "architectures",
      ["LlamaForSequenceClassification"],
      '"architectures" must contain "LlamaForCausalLM", got "LlamaForSequenceClassification"',
    ],
    ["vocab_size", 0, '"vocab_size" must be a positive integer, got 0'],
    ["hidden_size", 1.5, '"hidden_size" must be a positive integer, got 1.5'],
    ["num_attention_heads", 3, '"num_attention_heads" must be a divisor of "hidden_size", 16, got 3'],
    ["num_key_value_heads", 3, '"num_key_value_heads" must be a divisor of "num_attention_heads", 4, got 3'],
    ["head_dim", 5, '"head_dim" must be even, got 5'],
    ["rms_norm_eps", -1, '"rms_norm_eps" must be a positive number, got -1'],
    ["hidden_act", "gelu", '"hidden_act" must be "silu", got "gelu"'],
    ["partial_rotary_factor", 0.5, '"partial_rotary_factor" must be 1: nothing else is supported, got 0.5'],
    [
      "quantization_config",
      { bits: 4 },
      '"quantization_config" must be absent: nothing else is supported, got an object of kind Object',
    ],
    [
      "rope_scaling",
      { type: "yarn" },
      '"rope_scaling.rope_type" must be "default", "linear", "dynamic" or "llama3", got "yarn"',
    ],
    ["eos_token_id", 100, '"eos_token_id" must be an id below "vocab_size", 100, got 100'],
  ];
  it.each(wrongValues)("refuses %s = %s", (key, value, message) => {
    expect(() => parseModelConfig({ ...smallest, [key]: value })).toThrow(
      new RangeError(`parseModelConfig: ${message}`),
    );
  });

  const wrongKinds: [key: string, value: unknown, message: string][] = [
    ["vocab_size", undefined, '"vocab_size" must be a positive integer, got undefined'],
    ["hidden_size", "16", '"hidden_size" must be a positive integer, got "16"'],
    ["tie_word_embeddings", 1, '"tie_word_embeddings" must be true or false, got 1'],
    ["rope_parameters", [], '"rope_parameters" must be an object or null, got an array of 0'],
    ["rope_scaling", { type: "llama3" }, '"factor" must be a positive number, got undefined'],
    ["bos_token_id", "<s>", '"bos_token_id" must be a token id, got "<s>"'],
  ];
  it.each(wrongKinds)("refuses %s = %s", (key, value, message) => {
    expect(() => parseModelConfig({ ...smallest, [key]: value })).toThrow(
      new TypeError(`parseModelConfig: ${message}`),
    );
  });

  it("reads rotation angles that a file says twice, and refuses two that differ", () => {
    const linear = { rope_type: "linear", factor: 4 };
    const now = { ...smallest, rope_parameters: { ...linear, rope_theta: 500 } };
    const rope = { type: "linear", theta: 500, factor: 4 };
    for (const before of [
      {},
      { rope_theta: 500 },
      { rope_scaling: null },
      { rope_theta: 500, rope_scaling: linear },
    ]) {
      expect(parseModelConfig({ ...now, ...before }).rope).toEqual(rope);
    }
    const refused = (before: object, message: string): void => {
      expect(() => parseModelConfig({ ...now, ...before })).toThrow(
        new RangeError(`parseModelConfig: ${message}`),
      );
    };
    refused({ rope_theta: 10_000 }, '"rope_theta" must be 500 as in "rope_parameters", got 10000');
    refused(
      { rope_scaling: { ...linear, factor: 8 } },
      '"rope_scaling" must be the same as "rope_parameters", got an object of kind Object',
    );
  });

  it("refuses what is no object", () => {
    const message = 'parseModelConfig: "config" must be a JSON object, got an array of 0';
    expect(() => parseModelConfig([])).toThrow(new TypeError(message));
  });
});

describe("configurations of other architectures", () => {
  const common = { ...smallest, num_key_value_heads: 4 };
  const refused: [fields: object, message: string][] = [
    [
      { ...common, model_type: "phi", hidden_act: "relu" },
      '"hidden_act" must be "gelu" or "gelu_new" or "gelu_fast" or "gelu_pytorch_tanh", got "relu"',
    ],
    [
      { ...common, model_type: "phi", qk_layernorm: true },
      '"qk_layernorm" must be false: nothing else is supported, got true',
    ],
    [
      { ...common, model_type: "stablelm" },
      '"partial_rotary_factor" must be such that an even number of the 4 entries of a head is rotated, got 0.25',
    ],
    [
      { ...common, model_type: "phi3", rope_scaling: { type: "longrope" } },
      '"rope_scaling.rope_type" must be "default", "linear", "dynamic" or "llama3", got "longrope"',
    ],
    [
      { ...common, model_type: "qwen2", dual_chunk_attention_config: { chunk_size: 4 } },
      '"dual_chunk_attention_config" must be absent: nothing else is supported, got an object of kind Object',
    ],
    [{ model_type: "gpt2", vocab_size: 9 }, '"n_embd" must be a positive integer, got undefined'],
    [
      { model_type: "gpt2", vocab_size: 9, n_embd: 8, n_layer: 1, n_head: 3 },
      '"n_head" must be a divisor of "n_embd", 8, got 3',
    ],
    [
      { model_type: "gpt2", vocab_size: 9, scale_attn_weights: false },
      '"scale_attn_weights" must be true: nothing else is supported, got false',
    ],
  ];
  it.each(refused)("%o", (fields, message) => {
    expect(() => parseModelConfig(fields)).toThrow(`parseModelConfig: ${message}`);
  });

  it("GPT-2 under its own names", () => {
    const fields = { model_type: "gpt2", vocab_size: 9, n_embd: 8, n_layer: 1, n_head: 2 };
    const config = parseModelConfig(fields);
    expect(config).toMatchObject({ intermediateSize: 32, maxPositionEmbeddings: 1024, rotaryDim: 0 });
    expect(config).not.toHaveProperty("rope");
    expect([...weightShapes(config)].slice(0, 6)).toEqual([
      ["transformer.wte.weight", [9, 8]],
      ["transformer.wpe.weight", [1024, 8]],
      ["transformer.h.0.ln_1.weight", [8]],
      ["transformer.h.0.ln_1.bias", [8]],
      ["transformer.h.0.attn.c_attn.weight", [8, 24]],
      ["transformer.h.0.attn.c_attn.bias", [24]],
    ]);
  });
});

describe("weightShapes", () => {
  it("names the weights of one layer with grouped heads of their own size", () => {
    const config = parseModelConfig({ ...smallest, num_key_value_heads: 2, head_dim: 6 });
    expect([...weightShapes(config)]).toEqual([
      ["model.embed_tokens.weight", [100, 16]],
      ["model.layers.0.input_layernorm.weight", [16]],
      ["model.layers.0.self_attn.q_proj.weight", [24, 16]],
      ["model.layers.0.self_attn.k_proj.weight", [12, 16]],
      ["model.layers.0.self_attn.v_proj.weight", [12, 16]],
      ["model.layers.0.self_attn.o_proj.weight", [16, 24]],
      ["model.layers.0.post_attention_layernorm.weight", [16]],
      ["model.layers.0.mlp.gate_proj.weight", [24, 16]],
      ["model.layers.0.mlp.up_proj.weight", [24, 16]],
      ["model.layers.0.mlp.down_proj.weight", [16, 24]],
      ["model.norm.weight", [16]],
      ["lm_head.weight", [100, 16]],
    ]);
  });

  it("has no output layer where it is tied", () => {
    const shapes = weightShapes(parseModelConfig({ ...smallest, tie_word_embeddings: true }));
    expect(shapes.has("lm_head.weight")).toBe(false);
  });
});
