import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  chooseBackend,
  createModel,
  encodeSafetensors,
  heldFiles,
  loadModel,
  modelConfigFields,
  type NamedArray,
  parseModelConfig,
} from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../bundle.ts";
import { findChromium } from "../chromium.ts";
import { answerOf } from "./kernels-chromium.ts";
import { type ModelResults, results } from "./model-page.ts";

const chromium = findChromium();
const config = parseModelConfig({
  model_type: "qwen3",
  vocab_size: 64,
  hidden_size: 32,
  intermediate_size: 40,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 8,
  max_position_embeddings: 32,
  initializer_range: 0.2,
  eos_token_id: 63,
});

/** The same engine runs the same kernels: only the mathematical functions of TensorFlow.js's own build may differ, in the last bits. */
const tolerance = 1e-5;

describe.skipIf(chromium === undefined)("@colm/lm-tfjs in headless Chromium", () => {
  let files: Map<string, Uint8Array>;
  let script: string;
  const ranges: string[] = [];

  beforeAll(async () => {
    await chooseBackend("wasm");
    const model = createModel(config, { seed: 1 });
    const weights = new Map<string, NamedArray>();
    for (const [name, { shape, data }] of model.parameters())
      weights.set(name, { shape, data: await data() });
    model.dispose();
    const wasm = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    const names = ["tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm.wasm"];
    const page = new URL("model-page.ts", import.meta.url).pathname;
    script = await bundle(page, ["node:*", "@huggingface/hub"]);
    files = new Map<string, Uint8Array>([
      ["/model/config.json", text(JSON.stringify(modelConfigFields(config)))],
      [
        "/model/model.safetensors",
        Uint8Array.from(encodeSafetensors(weights).flatMap((piece) => [...piece])),
      ],
    ]);
    for (const name of names) files.set(`/wasm/${name}`, await readFile(join(wasm, name)));
  });

  /** Sends a file, whole or a range of it. */
  function send({ url = "/", headers }: IncomingMessage, response: ServerResponse): boolean {
    if (!/^\/(model|wasm)\//.test(url)) return false;
    const bytes = files.get(url);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    const type = url.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    if (bytes === undefined) response.writeHead(404).end();
    else if (from === undefined) response.writeHead(200, { "content-type": type }).end(bytes);
    else {
      ranges.push(url);
      const end = Math.min(Number(to) + 1, bytes.length);
      const range = `bytes ${from}-${end - 1}/${bytes.length}`;
      response.writeHead(206, { "content-range": range }).end(bytes.subarray(Number(from), end));
    }
    return true;
  }

  it("loads a model by ranges and from files, trains with dropout, makes features and writes, as Node does", async () => {
    const program = 'return bundle.inBrowser(location.origin + "/model", location.origin + "/wasm/");';
    const seen = await answerOf(chromium ?? "", script, program, { answer: send });
    if (!isResults(seen)) expect.fail(String(seen));
    const [fromWeb, fromFiles] = seen;
    expect(fromFiles).toEqual(fromWeb);
    const parts = ["config.json", "model.safetensors"];
    const held = parts.map((name): [string, Uint8Array] => [
      name,
      files.get(`/model/${name}`) ?? new Uint8Array(),
    ]);
    const ours = await results(await loadModel(heldFiles(new Map(held))), "wasm");
    expect([fromWeb.backend, fromWeb.arithmetic]).toEqual(["wasm", "relaxed"]);
    expect(fromWeb.tokens).toEqual(ours.tokens);
    close([...fromWeb.losses, fromWeb.gradientNorm], [...ours.losses, ours.gradientNorm]);
    close(fromWeb.features, ours.features);
    // a tensor at a time: 11 weights in each of two blocks, embedding, norm and head
    expect(ranges.filter((url) => url.endsWith(".safetensors")).length).toBeGreaterThan(25);
  });
});

it.runIf(chromium === undefined)("Chromium is not installed: the tests in a browser are skipped", () => {
  expect(findChromium()).toBeUndefined();
});

function close(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance * scale);
  });
}

function isResults(value: unknown): value is [ModelResults, ModelResults] {
  return Array.isArray(value) && value.length === 2;
}
