import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  forwardPool,
  lastBlockColumns,
  lastBlockGradients,
  lossAndGradients,
  poolInputs,
  setTrainable,
} from "../src/index.ts";
import { sketchColumns } from "../src/passes/sketch.ts";
import { normDifference } from "./golden-file.ts";
import { tinyArchitectures, tinyOf } from "./tiny-architectures.ts";
import { fillAdapter, tinyBatch, tinyModel } from "./tiny-model.ts";

const batch = tinyBatch();
let model: CausalLM;

function adapted(fields?: Record<string, unknown>): CausalLM {
  model = fields ? tinyOf(fields) : tinyModel();
  addLora(model, { rank: 3, alpha: 6, targets: ["all-linear"], seed: 2 });
  fillAdapter(model);
  return model;
}

/** Compares each row with the gradients of a training step on that example alone. */
async function expectRows(): Promise<void> {
  const pass = poolInputs(model, batch, { keep: "last" });
  const rows = await lastBlockGradients(model, pass);
  pass.dispose();
  const columns = lastBlockColumns(model);
  for (let b = 0; b < 5; b++) {
    const row = rows.data.slice(b * rows.shape[1], (b + 1) * rows.shape[1]);
    const { gradients } = await lossAndGradients(model, batch, { rows: Int32Array.of(b) });
    if (b === 4) expect(row.every((value) => value === 0)).toBe(true);
    else {
      for (const { name, shape, start } of columns) {
        const alone = gradients.get(name);
        expect(alone?.shape, name).toEqual(shape);
        const values = (await alone?.data()) ?? new Float32Array();
        // a gradient that vanishes, as by the bias of keys, is rounding alone
        const part = row.slice(start, start + values.length);
        if (Math.hypot(...values) > 1e-5) expect(normDifference(part, values), name).toBeLessThan(2e-5);
        else expect(Math.hypot(...part), name).toBeLessThan(2e-5);
      }
    }
    tf.dispose([...gradients.values()]);
  }
}

describe.each(["wasm", "cpu"] as const)("lastBlockGradients on %s", (backend) => {
  beforeAll(async () => {
    await chooseBackend(backend);
  });
  afterEach(() => model.dispose());

  it("gives the LoRA gradients of each example alone", async () => {
    adapted();
    await expectRows();
  });

  it("gives the gradients by every weight of the block where there is no adapter", async () => {
    model = tinyModel();
    await expectRows();
  });
});

describe("lastBlockGradients", () => {
  beforeAll(async () => {
    await chooseBackend("wasm");
  });
  afterEach(() => model.dispose());

  it.each(tinyArchitectures)("by LoRA factors and by weights, %s", async (_, fields) => {
    adapted(fields);
    await expectRows();
    model.dispose();
    model = tinyOf(fields);
    await expectRows();
  });

  it("takes frozen factors too, and says where each stands", async () => {
    adapted();
    const pass = await forwardPool(model, batch);
    const before = await lastBlockGradients(model, pass);
    setTrainable(model, "none");
    expect(await lastBlockGradients(model, pass)).toEqual(before);
    pass.dispose();
    const columns = lastBlockColumns(model);
    expect(columns.length).toBe(14);
    const [{ name, shape, start }, second] = columns;
    expect([name, shape, start]).toEqual([
      "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight",
      [3, 16],
      0,
    ]);
    expect(second.start).toBe(48);
  });

  it("projects: the sketch of a row is the projection of the dense row", async () => {
    adapted();
    const pass = poolInputs(model, batch, { keep: "last" });
    const rows = await lastBlockGradients(model, pass);
    const options = { sketch: { size: 50, seed: 9 } };
    const sketches = await lastBlockGradients(model, pass, options);
    expect(await lastBlockGradients(model, pass, options)).toEqual(sketches);
    expect(sketches.shape).toEqual([5, 50]);
    const [, d] = rows.shape;
    for (let b = 0; b < 5; b++) {
      const expected = new Float64Array(50);
      sketchColumns(options.sketch, 0, d).addTo(
        expected,
        0,
        Float32Array.from(rows.data.slice(b * d, (b + 1) * d)),
      );
      expect([...sketches.data.slice(b * 50, (b + 1) * 50)]).toEqual([...Float32Array.from(expected)]);
    }
    const other = await lastBlockGradients(model, pass, { sketch: { size: 50, seed: 10 } });
    expect(other.data).not.toEqual(sketches.data);
    pass.dispose();
  });

  it("leaks no tensor, also when it is called off", async () => {
    adapted();
    const pass = poolInputs(model, batch, { keep: "last" });
    const before = tf.memory().numTensors;
    await lastBlockGradients(model, pass, { sketch: { size: 8, seed: 1 } });
    expect(tf.memory().numTensors).toBe(before);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(lastBlockGradients(model, pass, { signal })).rejects.toThrow("enough");
    expect(tf.memory().numTensors).toBe(before);
    pass.dispose();
  });

  it("refuses what cannot be", async () => {
    model = tinyModel();
    addLora(model, { rank: 3, alpha: 6, targets: ["model.layers.0.self_attn.v_proj"], seed: 2 });
    const pass = poolInputs(model, batch, { keep: "last" });
    await expect(lastBlockGradients(model, pass)).rejects.toThrow(
      new RangeError(
        'lastBlockGradients: "model" must have its adapter in the last block too, got targets model.layers.0.self_attn.v_proj',
      ),
    );
    model.dispose();
    model = adapted();
    await expect(lastBlockGradients(model, pass, { sketch: { size: 3, seed: 1 } })).rejects.toThrow(
      new RangeError('lastBlockGradients: "sketch.size" must be an integer of at least 4, got 3'),
    );
    pass.dispose();
    await expect(lastBlockGradients(model, pass)).rejects.toThrow(
      new Error('lastBlockGradients: "pass" must not have been disposed of'),
    );
  });
});

describe("the sketch", () => {
  it("keeps lengths and inner products on average", () => {
    const d = 300;
    const x = Float32Array.from({ length: d }, (_, i) => Math.sin(i));
    const y = Float32Array.from({ length: d }, (_, i) => Math.sin(i) + Math.cos(3 * i));
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
    const project = (values: Float32Array, seed: number): Float64Array => {
      const out = new Float64Array(64);
      sketchColumns({ size: 64, seed }, 0, d).addTo(out, 0, values);
      return out;
    };
    let lengths = 0;
    let products = 0;
    const trials = 400;
    for (let seed = 0; seed < trials; seed++) {
      const [a, b] = [project(x, seed), project(y, seed)];
      lengths += dot(a, a) / trials;
      products += dot(a, b) / trials;
    }
    // one sketch is off by sqrt(2 / 64) = 0.18 of the lengths; the mean of 400 by 0.009
    expect(Math.abs(lengths / dot(x, x) - 1)).toBeLessThan(0.03);
    expect(Math.abs(products - dot(x, y)) / Math.sqrt(dot(x, x) * dot(y, y))).toBeLessThan(0.03);
  });

  it("has columns that do not depend on where it starts", () => {
    const values = Float32Array.from({ length: 20 }, (_, i) => i - 7);
    const whole = new Float64Array(9);
    sketchColumns({ size: 9, seed: 4 }, 0, 20).addTo(whole, 0, values);
    const parts = new Float64Array(9);
    sketchColumns({ size: 9, seed: 4 }, 0, 6).addTo(parts, 0, values.slice(0, 6));
    sketchColumns({ size: 9, seed: 4 }, 6, 14).addTo(parts, 0, values.slice(6));
    expect([...parts]).toEqual([...whole]);
  });
});
