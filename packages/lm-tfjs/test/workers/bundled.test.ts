import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "tsup";
import { afterAll, beforeAll, expect, it } from "vitest";

const packageFolder = join(import.meta.dirname, "../..");
let folder: string;
beforeAll(async () => {
  // inside the package, so that its dependencies are found
  folder = await mkdtemp(join(packageFolder, "node_modules/.bundled-"));
});
afterAll(() => rm(folder, { recursive: true }));

const program = `
const { chooseBackend, createModel, parseModelConfig, startWorkers } = await import("./index.js");
await chooseBackend("wasm");
const config = parseModelConfig({
  model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
  num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
});
const model = createModel(config, { seed: 1 });
const ids = Int32Array.of(1, 2, 3, 4);
const batch = { inputIds: ids, attentionMask: ids.map(() => 1), labels: ids, shape: [2, 2] };
const workers = await startWorkers(model, { count: 2 });
const alone = await model.losses(batch);
for (const losses of await workers.losses([batch, batch, batch])) {
  console.log(losses.every((loss, i) => loss === alone[i]));
}
await workers.dispose();`;

it.each([
  { name: "as it is published", minify: false },
  { name: "minified", minify: true },
])(
  "finds the program of its threads when it is built $name, in a program given as text",
  async ({ minify }) => {
    await build({
      minify,
      // the entries of tsup.config.ts
      entry: ["src/index.ts", "src/workers/worker.ts"].map((path) => join(packageFolder, path)),
      outDir: folder,
      config: false,
      silent: true,
      format: "esm",
      external: [/^@colm\//, /^@tensorflow\//, /^@huggingface\//],
    });
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", program],
      { cwd: folder },
    );
    expect({ stdout, stderr }).toEqual({ stdout: "true\ntrue\ntrue\n", stderr: "" });
  },
);
