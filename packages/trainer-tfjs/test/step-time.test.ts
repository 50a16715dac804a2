import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { StageTimes, TrainOptions } from "../src/index.ts";
import { tinyLora } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

describe("the time of a step", () => {
  it("has measured and ideal side by side, for the same stages", async () => {
    const model = tinyLora();
    let clock = 0;
    const seen = await events({ ...tinyRun, model, evalDataset: tinyRun.trainDataset, now: () => clock++ });
    for (const event of seen) {
      if (event.type === "evaluate") expect(event.idealSeconds).toBeGreaterThan(0);
      if (event.type !== "step") continue;
      const { measured, ideal } = event.time;
      const passes = ["selectionForward", "features", "selection", "trainingForward", "trainingBackward"];
      const stages = ["data", ...passes, "optimizer"];
      expect(Object.keys(measured).sort()).toEqual([...stages].sort());
      expect(Object.keys(ideal ?? {}).sort()).toEqual([...stages].sort());
      // a clock that moves on with each look: nothing took no time
      for (const seconds of Object.values(measured)) expect(seconds).toBeGreaterThan(0);
      // no padding, and the best rate so far: never slower than measured
      const both = measured.trainingForward + measured.trainingBackward;
      expect((ideal?.trainingForward ?? 0) + (ideal?.trainingBackward ?? 0)).toBeLessThanOrEqual(both);
      const { selection, training, optimizer } = event.seconds;
      expect(selection).toBeCloseTo(measured.selectionForward + measured.features + measured.selection, 12);
      expect([training, optimizer]).toEqual([both, measured.optimizer]);
    }
    model.dispose();
  });

  it("counts blocks that are run again as part of the way back", async () => {
    const idealOf = async (options: Partial<TrainOptions>): Promise<StageTimes> => {
      const model = tinyLora();
      let clock = 0;
      const [event] = await events({ ...tinyRun, model, maxSteps: 1, now: () => clock++, ...options });
      model.dispose();
      if (event.type !== "step" || event.time.ideal === null) throw new Error("no ideal seconds");
      return event.time.ideal;
    };
    // forward and backward pass cost the same here: one adapter, nothing else is trained
    const plain = await idealOf({});
    expect(plain.trainingBackward).toBeCloseTo(plain.trainingForward, 12);
    const again = await idealOf({ gradientCheckpointing: true });
    expect(again.trainingBackward / again.trainingForward).toBeGreaterThan(1.2);
    // the blocks below the last were run by the selection
    const reused = await idealOf({ selection: { reuse: true } });
    expect(reused.trainingForward).toBeLessThan(reused.trainingBackward / 2);
  });

  it("divides the seconds of worker threads as they spent them", async () => {
    const model = tinyLora();
    let clock = 0;
    for (const event of await events({ ...tinyRun, model, maxSteps: 1, workers: 2, now: () => clock++ })) {
      if (event.type !== "step") continue;
      const { trainingForward, trainingBackward } = event.time.measured;
      expect(trainingForward).toBeGreaterThan(0);
      expect(trainingBackward).toBeGreaterThan(0);
      expect(event.seconds.training).toBe(trainingForward + trainingBackward);
    }
    model.dispose();
  });

  it("is measured alone where the clock stands still", async () => {
    const model = tinyLora();
    const [first] = await events({ ...tinyRun, model, maxSteps: 1 });
    expect(first.type === "step" && first.time.ideal).toBeNull();
    model.dispose();
  });
});
