import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Adapter, encodeAdapter, readAdapter } from "../src/checkpoint/adapter.ts";
import { adapterConfigFields, parseAdapterConfig } from "../src/checkpoint/adapter-config.ts";
import { heldFiles } from "../src/checkpoint/files.ts";
import { writeFolder } from "../src/checkpoint/write-folder.ts";

const prefix = "base_model.model.model.layers.0.self_attn.v_proj";
const adapter: Adapter = {
  config: { rank: 2, alpha: 4, dropout: 0, targets: ["v_proj"] },
  weights: new Map([
    [`${prefix}.lora_A.weight`, { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    [`${prefix}.lora_B.weight`, { shape: [1, 2], data: Float32Array.of(7, 8) }],
  ]),
};

function held(source: Adapter): ReturnType<typeof heldFiles> {
  const files = [...encodeAdapter(source)].map(([name, pieces]): [string, Uint8Array] => [
    name,
    Uint8Array.from(pieces.flatMap((piece) => [...piece])),
  ]);
  return heldFiles(new Map(files));
}

describe("an adapter", () => {
  it("is read back as it was written", async () => {
    expect(await readAdapter(held(adapter))).toEqual(adapter);
  });

  it("is byte-identical on a second save, whatever the order of targets and factors", async () => {
    const path = await mkdtemp(join(tmpdir(), "colm-"));
    const two: Adapter = {
      config: { ...adapter.config, targets: ["v_proj", "q_proj"] },
      weights: new Map([...adapter.weights].toReversed()),
    };
    const names = ["adapter_config.json", "adapter_model.safetensors"];
    await writeFolder(path, encodeAdapter(two));
    const first = await Promise.all(names.map((name) => readFile(join(path, name))));
    await writeFolder(path, encodeAdapter(await readAdapter(path)));
    const second = await Promise.all(names.map((name) => readFile(join(path, name))));
    expect(second).toEqual(first);
    await rm(path, { recursive: true });
  });

  it("says its targets to PEFT", () => {
    const fields = adapterConfigFields({
      rank: 2,
      alpha: 4,
      dropout: 0.1,
      targets: ["b", "a"],
      baseModel: "m",
    });
    expect(fields).toMatchObject({ r: 2, lora_alpha: 4, lora_dropout: 0.1, target_modules: ["a", "b"] });
    expect(fields).toMatchObject({ peft_type: "LORA", task_type: "CAUSAL_LM", base_model_name_or_path: "m" });
    expect(adapterConfigFields({ ...adapter.config, targets: ["all-linear"] }).target_modules).toBe(
      "all-linear",
    );
    expect(fields).toMatchObject({ use_rslora: false, fan_in_fan_out: false });
    const more = { rank: 2, alpha: 4, dropout: 0.1, useRslora: true, fanInFanOut: true, targets: ["c_attn"] };
    expect(adapterConfigFields(more)).toMatchObject({ use_rslora: true, fan_in_fan_out: true });
    expect(parseAdapterConfig(adapterConfigFields(more))).toEqual(more);
    expect(parseAdapterConfig(fields)).toEqual({
      rank: 2,
      alpha: 4,
      dropout: 0.1,
      targets: ["a", "b"],
      baseModel: "m",
    });
  });
});

describe("bad adapters", () => {
  const good = { peft_type: "LORA", r: 2, lora_alpha: 4, target_modules: ["v_proj"] };
  const cases: [change: object, message: string][] = [
    [{ peft_type: "IA3" }, '"peft_type" must be "LORA", got "IA3"'],
    [{ r: 0 }, '"r" must be a positive integer, got 0'],
    [{ r: "2" }, '"r" must be a positive integer, got "2"'],
    [{ lora_alpha: -1 }, '"lora_alpha" must be a positive number, got -1'],
    [{ lora_dropout: 1 }, '"lora_dropout" must be in [0, 1), got 1'],
    [{ lora_dropout: "no" }, '"lora_dropout" must be a number, got "no"'],
    [
      { target_modules: [] },
      '"target_modules" must be a list of layer names or "all-linear", got an array of 0',
    ],
    [
      { target_modules: ".*_proj" },
      '"target_modules" must be a list of layer names or "all-linear", got ".*_proj"',
    ],
    [{ target_modules: [1] }, '"target_modules" must be layer names, got 1'],
    [{ use_rslora: 1 }, '"use_rslora" must be true or false, got 1'],
    [{ fan_in_fan_out: "no" }, '"fan_in_fan_out" must be true or false, got "no"'],
    [{ use_dora: true }, '"use_dora" must be false: nothing else is supported, got true'],
    [{ bias: "all" }, '"bias" must be "none": nothing else is supported, got "all"'],
    [
      { rank_pattern: { q: 1 } },
      '"rank_pattern" must be absent: nothing else is supported, got an object of kind Object',
    ],
    [
      { modules_to_save: ["lm_head"] },
      '"modules_to_save" must be absent: nothing else is supported, got an array of 1',
    ],
  ];
  it.each(cases)("%o", (change, message) => {
    expect(() => parseAdapterConfig({ ...good, ...change })).toThrow(`parseAdapterConfig: ${message}`);
  });

  const factors = (change: object): Adapter => {
    const weights = new Map([...adapter.weights, ...Object.entries(change)]);
    return { ...adapter, weights: new Map([...weights].filter(([, weight]) => weight !== undefined)) };
  };
  const wrong: [change: object, message: string][] = [
    [
      { [`${prefix}.lora_A.weight`]: undefined },
      `"adapter_model.safetensors" must hold both factors of a layer, got no "${prefix}.lora_A.weight"`,
    ],
    [
      { [`${prefix}.lora_B.weight`]: { shape: [2, 1], data: Float32Array.of(7, 8) } },
      `"${prefix}.lora_B.weight" must have shape [out, 2], got [2, 1]`,
    ],
    [
      { "base_model.model.q_proj.lora_A.weight": { shape: [2, 1], data: Float32Array.of(7, 8) } },
      '"adapter_model.safetensors" must hold factors of v_proj, got "base_model.model.q_proj.lora_A.weight"',
    ],
    [
      { "v_proj.weight": { shape: [1], data: Float32Array.of(7) } },
      '"adapter_model.safetensors" must hold names like "base_model.model.….lora_A.weight", got "v_proj.weight"',
    ],
    [
      { [`${prefix}.lora_B.weight`]: { shape: [1, 2], data: Float32Array.of(7, Infinity) } },
      `"${prefix}.lora_B.weight" must be finite, got Infinity at entry 1`,
    ],
  ];
  it.each(wrong)("%o", (change, message) => {
    expect(() => encodeAdapter(factors(change))).toThrow(new RangeError(`encodeAdapter: ${message}`));
  });

  it("no files", async () => {
    await expect(readAdapter("nowhere")).rejects.toThrow(
      new RangeError(
        'readAdapter: "nowhere/adapter_config.json" must be a file, got no such file: is this a PEFT adapter folder?',
      ),
    );
  });
});

const golden = new URL("../../../../shared/golden/hf/", import.meta.url);

describe.skipIf(!existsSync(golden))("adapters that PEFT wrote", () => {
  const seven = ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"];
  const fused = ["down_proj", "gate_up_proj", "o_proj", "qkv_proj"];
  it.each([
    ["llama", { targets: seven }],
    ["llama3-tied", { targets: seven }],
    ["mistral", { targets: seven }],
    ["qwen2", { targets: seven }],
    ["qwen3", { targets: seven }],
    ["stablelm", { targets: seven }],
    ["phi", { targets: ["dense", "fc1", "fc2", "k_proj", "q_proj", "v_proj"] }],
    ["phi3", { targets: fused }],
    ["gpt2", { targets: ["c_attn", "c_fc", "c_proj"], fanInFanOut: true }],
  ])("%s: the factors are written again to the same bytes", async (name, more) => {
    const path = fileURLToPath(new URL(`${name}/adapter/`, golden));
    const read = await readAdapter(path);
    expect(read.config).toEqual({ rank: 8, alpha: 32, dropout: 0, ...more });
    const theirs = JSON.parse(readFileSync(`${path}adapter_config.json`, "utf8"));
    for (const [key, value] of Object.entries(adapterConfigFields(read.config))) {
      expect([key, value]).toEqual([key, key === "target_modules" ? theirs[key].toSorted() : theirs[key]]);
    }
    const pieces = encodeAdapter(read).get("adapter_model.safetensors") ?? [];
    expect(Buffer.compare(Buffer.concat(pieces), readFileSync(`${path}adapter_model.safetensors`))).toBe(0);
  });
});

it.runIf(!existsSync(golden))("golden files are missing: skipped", () => {
  expect(existsSync(golden)).toBe(false);
});
