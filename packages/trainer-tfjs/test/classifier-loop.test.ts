import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../examples/classifier-loop.ts", import.meta.url));

describe("examples/classifier-loop.ts", () => {
  it("learns from weighted coresets and leaves no tensor behind", () => {
    const lines = execFileSync(process.execPath, [script], { encoding: "utf8" }).trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/[\d.]+$/, ""))).toEqual([
      "before: held-out loss ",
      "after 30 steps on 24 of 96: held-out loss ",
      "tensors left behind: ",
    ]);
    const [before, after, left] = lines.map((line) => Number(/[\d.]+$/.exec(line)?.[0]));
    // logits of zeros give each of three classes the probability 1/3
    expect(before).toBeCloseTo(Math.log(3), 3);
    expect(after).toBeLessThan(0.35);
    expect(left).toBe(0);
  });

  it("takes its weighted steps itself because model.fit refuses weights", async () => {
    await chooseBackend("cpu");
    const model = sequential();
    model.add(layers.dense({ units: 1, inputShape: [1] }));
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const [inputs, targets, sampleWeight] = [tf.ones([2, 1]), tf.ones([2, 1]), tf.tensor1d([1, 2])];
    await expect(model.fit(inputs, targets, { sampleWeight })).rejects.toThrow(
      "sample weight is not supported yet.",
    );
    // the way for weights of 1: a step on the gathered rows
    const rows = tf.tensor1d([1], "int32");
    const loss = await model.trainOnBatch(tf.gather(inputs, rows), tf.gather(targets, rows));
    expect(Number(loss)).toBeGreaterThanOrEqual(0);
  });
});
