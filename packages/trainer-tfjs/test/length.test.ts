import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { type TrainOptions, train } from "../src/index.ts";
import { allValues, tinyLora, tinyModel } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

const { trainDataset: examples } = tinyRun;
beforeAll(async () => {
  await chooseBackend("wasm");
});

async function told(options: Partial<TrainOptions>): Promise<string[]> {
  const model = tinyLora();
  const seen = await events({ ...tinyRun, model, evalDataset: examples, ...options });
  model.dispose();
  return seen.map((event) => `${event.type} ${event.step}${event.type === "end" ? ` ${event.reason}` : ""}`);
}

describe("early stopping", () => {
  it("ends the run when so many evaluations were no better", async () => {
    // nothing is better than the first by 100 nats
    const options = { maxSteps: 20, evalSteps: 2, earlyStoppingThreshold: 100 };
    expect(
      (await told({ ...options, earlyStoppingPatience: 3 })).filter((line) => !line.startsWith("step")),
    ).toEqual(["evaluate 2", "evaluate 4", "evaluate 6", "evaluate 8", "end 8 early-stopped"]);
    expect((await told({ ...options, evalOnStart: true, earlyStoppingPatience: 1 })).at(-1)).toBe(
      "end 2 early-stopped",
    );
  });

  it("goes on while it gets better", async () => {
    const lines = await told({ maxSteps: 6, evalSteps: 2, earlyStoppingPatience: 1, learningRate: 0.01 });
    expect(lines.at(-1)).toBe("end 6 finished");
  });

  it("reports the best, by the metric that is named", async () => {
    for (const metricForBestModel of ["micro", "eval_loss", "macro", "small", "perplexity", "source:rare"]) {
      const model = tinyLora();
      const run = train({
        ...tinyRun,
        model,
        evalDataset: examples,
        evalSteps: 1,
        earlyStoppingPatience: 9,
        metricForBestModel,
      });
      const metrics: number[] = [];
      for await (const event of run) {
        if (event.type !== "evaluate") continue;
        const { evaluation } = event;
        const rare = evaluation.sources.find(({ name }) => name === "rare")?.mean ?? Number.NaN;
        const { micro, macro, small, perplexity } = evaluation;
        const means = { micro, eval_loss: micro, macro, small, perplexity, "source:rare": rare };
        metrics.push(Object.entries(means).find(([name]) => name === metricForBestModel)?.[1] ?? Number.NaN);
      }
      const metric = Math.min(...metrics);
      expect((await run.result).best).toEqual({ step: 1 + metrics.indexOf(metric), metric });
      model.dispose();
    }
  });

  it("refuses a metric that the held-out set does not have", async () => {
    await expect(told({ metricForBestModel: "source:nowhere" })).rejects.toThrow(
      'train: "metricForBestModel" must be one that the held-out set has (sources a, b, rare), got "source:nowhere"',
    );
  });
});

describe("loadBestModelAtEnd", () => {
  it("gives the model the weights of its best evaluation", async () => {
    const model = tinyModel();
    // a rate that ruins the model after a while
    const options = {
      ...tinyRun,
      method: "random",
      learningRate: 0.5,
      lrSchedulerType: "(step / steps) ^ 6",
    } as const;
    const run = train({
      ...options,
      model,
      maxSteps: 12,
      evalSteps: 1,
      evalDataset: examples,
      loadBestModelAtEnd: true,
    });
    const snapshots: Float32Array[][] = [];
    for await (const event of run) if (event.type === "evaluate") snapshots.push(await allValues(model));
    const { best } = await run.result;
    expect(best?.step).toBeLessThan(12);
    expect(await allValues(model)).toEqual(snapshots[(best?.step ?? 0) - 1]);
    expect(await allValues(model)).not.toEqual(snapshots.at(-1));
    model.dispose();
  });
});

describe("maxMinutes", () => {
  it("stops at the first update after the time is over", async () => {
    let minutes = 0;
    const model = tinyLora();
    const run = train({ ...tinyRun, model, maxSteps: 9, maxMinutes: "3 min", now: () => 60_000 * minutes });
    for await (const event of run) if (event.type === "step") minutes++;
    expect(await run.result).toEqual({ step: 3, reason: "out-of-time" });
    model.dispose();
  });

  it("is refused where it is no time", async () => {
    const model = tinyLora();
    await expect(events({ ...tinyRun, model, maxMinutes: "4 kg" })).rejects.toThrow(
      '"maxMinutes" must be a number of minutes',
    );
    model.dispose();
  });
});

describe("batches", () => {
  it("may be said as size times accumulation", () => {
    const model = tinyLora();
    const settings = (options: Partial<TrainOptions>) => {
      const { budget, perDeviceTrainBatchSize } = train({
        ...tinyRun,
        budget: undefined,
        model,
        ...options,
      }).settings;
      return [budget, perDeviceTrainBatchSize];
    };
    expect(settings({ perDeviceTrainBatchSize: 3, gradientAccumulationSteps: 4 })).toEqual([12, 3]);
    expect(settings({ budget: 10, gradientAccumulationSteps: 4 })).toEqual([10, 3]);
    expect(() => settings({ budget: 10, perDeviceTrainBatchSize: 3, gradientAccumulationSteps: 4 })).toThrow(
      'train: "budget" must be perDeviceTrainBatchSize times gradientAccumulationSteps, 12, got 10',
    );
    model.dispose();
  });

  it("are clipped, or not with 0, and that changes nothing before the optimizer", async () => {
    const runs = [];
    for (const maxGradNorm of [0, 1e-3, Infinity]) {
      const model = tinyLora();
      const seen = await events({
        ...tinyRun,
        model,
        maxGradNorm,
        maxSteps: 1,
        optim: "sgd",
        warmupRatio: 0,
      });
      runs.push({ first: seen[0], values: await allValues(model) });
      model.dispose();
    }
    expect(runs[1].first).toEqual(runs[0].first);
    expect(runs[2].values).toEqual(runs[0].values);
    expect(runs[1].values).not.toEqual(runs[0].values);
  });
});
