import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addLora,
  chooseBackend,
  heldFiles,
  hubFiles,
  loadModel,
  memoryNeed,
  parseModelConfig,
  saveAdapter,
  saveModel,
  urlFiles,
} from "../src/index.ts";
import { fakeServer } from "./fake-server.ts";
import { fillAdapter, tinyBatch, tinyConfig, tinyModel } from "./tiny-model.ts";

const batch = tinyBatch();
let files: Map<string, Uint8Array>;
let adapterFiles: Map<string, Uint8Array>;
let losses: Float32Array;
let adaptedLosses: Float32Array;

async function filesOf(path: string): Promise<Map<string, Uint8Array>> {
  const names = await readdir(path);
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, Uint8Array.from(await readFile(join(path, name)))] as const),
    ),
  );
}

const folders: string[] = [];
beforeAll(async () => {
  await chooseBackend("wasm");
  const model = tinyModel({ tie_word_embeddings: false });
  const temporary = async (): Promise<string> => {
    const path = await mkdtemp(join(tmpdir(), "colm-place-"));
    folders.push(path);
    return path;
  };
  const base = await temporary();
  await saveModel(model, base);
  files = await filesOf(base);
  losses = await model.losses(batch);
  addLora(model, { rank: 2, alpha: 4, seed: 1 });
  fillAdapter(model);
  const adapter = await temporary();
  await saveAdapter(model, adapter);
  adapterFiles = await filesOf(adapter);
  adaptedLosses = await model.losses(batch);
  model.dispose();
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const hubRoot = "https://huggingface.co/owner/name/resolve/main/";

describe("a model of the Hub", () => {
  it("is loaded by its address, in ranges: no answer is larger than the largest weight", async () => {
    const { fetch, requests } = fakeServer(hubRoot, files);
    const told: [number, number][] = [];
    const model = await loadModel("hf://owner/name", {
      hub: { fetch },
      onProgress: (done, total) => told.push([done, total]),
    });
    const sizes = [...model.parameters().values()].map(({ shape }) => shape.reduce((a, b) => a * b, 1));
    const total = sizes.reduce((a, b) => a + b, 0);
    expect(told).toHaveLength(sizes.length);
    expect(told.map(([, all]) => all)).toEqual(sizes.map(() => total));
    expect(told.at(-1)).toEqual([total, total]);
    for (const [t, [done]] of told.entries()) expect(done).toBeGreaterThan(told[t - 1]?.[0] ?? 0);
    expect(await model.losses(batch)).toEqual(losses);
    model.dispose();
    const header = new DataView(files.get("model.safetensors")?.slice(0, 8).buffer ?? new ArrayBuffer(8));
    const largest = Math.max(memoryNeed(tinyConfig()).largestBytes, Number(header.getBigUint64(0, true)));
    const weights = requests.filter(({ path }) => path === "model.safetensors");
    expect(Math.max(...weights.map(({ bytes }) => bytes))).toBe(largest);
    const sent = weights.reduce((sum, { bytes }) => sum + bytes, 0);
    // every byte once, and one to learn the size
    expect(sent).toBe((files.get("model.safetensors")?.length ?? 0) + 1);
    expect(
      requests.filter(({ path, range }) => path === "tokenizer.json" && range === "bytes=0-0").length,
    ).toBe(1);
  });

  it("is read at a revision, from another server, with a token, its adapter too", async () => {
    const root = "https://hub.example/owner/name/resolve/v2/";
    const all = new Map([...files, ...adapterFiles]);
    const { fetch } = fakeServer(root, all, { token: "hf_secret" });
    const hub = { fetch, hubUrl: "https://hub.example", accessToken: "hf_secret" };
    const model = await loadModel("hf://owner/name@v2", { hub, adapter: "hf://owner/name@v2" });
    expect(await model.losses(batch)).toEqual(adaptedLosses);
    model.dispose();
    await expect(
      loadModel("hf://owner/name@v2", { hub: { ...hub, accessToken: "hf_other" } }),
    ).rejects.toThrow(/^hubFiles: "hf:\/\/owner\/name@v2\/config.json" must be readable, got [^\n]+$/);
  });

  it("that is not there, or no address, is one line", async () => {
    const { fetch } = fakeServer(hubRoot, new Map());
    await expect(loadModel("hf://owner/name", { hub: { fetch } })).rejects.toThrow(
      new RangeError(
        'openCheckpoint: "hf://owner/name@main/config.json" must be a file, got no such file: is this a Hugging Face model folder?',
      ),
    );
    for (const address of ["hf://name", "hf://owner/name/file.json", "hf://datasets/owner/name"]) {
      await expect(hubFiles(address)).rejects.toThrow(
        new RangeError(
          `hubFiles: "address" must be hf://owner/name or hf://owner/name@revision, got "${address}"`,
        ),
      );
    }
    const place = await hubFiles("hf://owner/name", { fetch });
    await expect(place.read("x")).rejects.toThrow(
      new RangeError('hubFiles: "hf://owner/name@main/x" must be a file, got no such file'),
    );
  });
});

describe("a model on the web", () => {
  const root = "https://models.example/small/";

  it("is loaded by its address, in ranges, or whole where the server knows none", async () => {
    for (const ranges of [true, false]) {
      const { fetch, requests } = fakeServer(root, files, { ranges });
      const model = await loadModel("https://models.example/small", { hub: { fetch } });
      expect(await model.losses(batch)).toEqual(losses);
      model.dispose();
      const times = requests.filter(({ path }) => path === "model.safetensors").length;
      if (ranges) expect(times).toBeGreaterThan(20);
      else expect(times).toBe(1);
    }
  });

  it("says what the server said", async () => {
    const { fetch } = fakeServer(root, files, { token: "t" });
    await expect(loadModel(root, { hub: { fetch } })).rejects.toThrow(
      new RangeError(
        'urlFiles: "https://models.example/small/config.json" must be readable, got HTTP status 401',
      ),
    );
    const offline = urlFiles(root, { fetch: () => Promise.reject(new TypeError("fetch failed")) });
    await expect(offline.size("config.json")).rejects.toThrow(
      new RangeError(
        'urlFiles: "https://models.example/small/config.json" must be readable, got fetch failed',
      ),
    );
    expect(() => urlFiles("ftp://x")).toThrow(
      new RangeError('urlFiles: "base" must be an http: or https: address, got "ftp://x"'),
    );
  });

  it("is not taken whole where it is large", async () => {
    const whole: typeof fetch = async () =>
      new Response("x", { headers: { "content-length": String(2 ** 30) } });
    await expect(urlFiles(root, { fetch: whole }).size("model.safetensors")).rejects.toThrow(
      new RangeError(
        'urlFiles: "https://models.example/small/model.safetensors" must be on a server that answers range requests, got all 1073741824 bytes at once',
      ),
    );
  });

  it("reads nothing of an empty file, and the end of a short one", async () => {
    const { fetch } = fakeServer(
      root,
      new Map([
        ["empty", new Uint8Array(0)],
        ["short", Uint8Array.of(1, 2, 3)],
      ]),
    );
    const place = urlFiles(root, { fetch });
    expect([await place.size("empty"), await place.size("short"), await place.size("none")]).toEqual([
      0,
      3,
      undefined,
    ]);
    expect([...(await place.read("empty"))]).toEqual([]);
    expect([...(await place.read("short", 1))]).toEqual([2, 3]);
    await expect(place.read("none")).rejects.toThrow(
      new RangeError('urlFiles: "https://models.example/small/none" must be a file, got no such file'),
    );
  });
});

describe("memory", () => {
  it("needed for a model of known size: Phi-2 has 2.78 billion parameters, 11.1 GB in float32", () => {
    const phi2 = parseModelConfig({
      model_type: "phi",
      vocab_size: 51200,
      hidden_size: 2560,
      intermediate_size: 10240,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      partial_rotary_factor: 0.4,
    });
    expect(memoryNeed(phi2)).toEqual({
      parameters: 2779683840,
      weightBytes: 11118735360,
      largestBytes: 51200 * 2560 * 4,
    });
  });

  it("is asked for before any weight is opened", async () => {
    const opened: string[] = [];
    const held = heldFiles(files);
    const watched = {
      ...held,
      size: (name: string) => {
        opened.push(name);
        return held.size(name);
      },
    };
    const { parameters, weightBytes, largestBytes } = memoryNeed(tinyConfig({ tie_word_embeddings: false }));
    const needed = weightBytes + largestBytes;
    await expect(loadModel(watched, { memoryLimit: needed - 1 })).rejects.toThrow(
      new RangeError(
        `loadModel: "memoryLimit" must be at least ${needed} bytes (${parameters} parameters in float32, and ${largestBytes} to read the largest weight), got ${needed - 1}`,
      ),
    );
    expect(opened).toEqual(["config.json"]);
    const model = await loadModel(watched, { memoryLimit: needed });
    expect(await model.losses(batch)).toEqual(losses);
    model.dispose();
    await expect(loadModel(watched, { memoryLimit: 0 })).rejects.toThrow(
      new RangeError('loadModel: "memoryLimit" must be above 0 bytes, got 0'),
    );
  });

  it("is at most 4 GiB on the wasm back end, said before anything is tried", async () => {
    const config = JSON.parse(new TextDecoder().decode(files.get("config.json")));
    const large = { ...config, vocab_size: 2 ** 26 };
    const held = heldFiles(new Map([["config.json", new TextEncoder().encode(JSON.stringify(large))]]));
    await expect(loadModel(held)).rejects.toThrow(
      /^loadModel: the heap of the wasm back end must be at least \d+ bytes \(\d+ parameters in float32, and 4294967296 to read the largest weight\), got 4294967296$/,
    );
  });

  it("of a failed load is free again", async () => {
    const before = tf.memory().numTensors;
    const cut = new Map(files).set(
      "model.safetensors",
      files.get("model.safetensors")?.slice(0, -4) ?? new Uint8Array(),
    );
    await expect(loadModel(heldFiles(cut))).rejects.toThrow(RangeError);
    expect(tf.memory().numTensors).toBe(before);
  });
});
