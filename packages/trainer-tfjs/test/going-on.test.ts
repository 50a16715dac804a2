import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addLora, type CausalLM, chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { type TrainEvent, type TrainOptions, train } from "../src/index.ts";
import { allValues, tinyLora, tinyModel } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const { trainDataset: evalDataset } = tinyRun;
const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-going-on-"));
const checkpoints = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith("checkpoint"))
    .sort();
const told = (seen: readonly TrainEvent[]): string[] =>
  seen.map((event) => `${event.type} ${event.step}${event.type === "end" ? ` ${event.reason}` : ""}`);
/** The log of a checkpoint without what a clock says. */
const logOf = (folder: string, step: number): object[] =>
  JSON.parse(readFileSync(join(folder, `checkpoint-${step}`, "trainer_state.json"), "utf8")).log_history;

async function made(options: Partial<TrainOptions>): Promise<TrainEvent[]> {
  const model = tinyLora();
  const seen = await events({ ...tinyRun, model, ...options });
  model.dispose();
  return seen;
}

/** A run whose signal is aborted at the end of an update. */
function stoppedAt(step: number, options: Partial<TrainOptions>): Promise<TrainEvent[]> {
  const controller = new AbortController();
  const onStepEnd = ({ globalStep }: { globalStep: number }) => {
    if (globalStep === step) controller.abort();
    return undefined;
  };
  return made({ ...options, signal: controller.signal, callbacks: [{ onStepEnd }] });
}

describe("a folder with checkpoints", () => {
  it("is refused for a new run, before any work, with what to do", async () => {
    const outputDir = fresh();
    await made({ outputDir, maxSteps: 2 });
    const refused = (options: Partial<TrainOptions>): Promise<void> =>
      expect(made({ outputDir, maxSteps: 3, saveSteps: 1, saveTotalLimit: 1, ...options })).rejects.toThrow(
        new RangeError(
          `train: "outputDir" must hold no checkpoint of another run, got ${join(outputDir, "checkpoint-2")}: take another folder, or go on from it with resumeFromCheckpoint`,
        ),
      );
    await refused({});
    const elsewhere = fresh();
    await made({ outputDir: elsewhere, maxSteps: 3, saveSteps: 1 });
    await refused({ resumeFromCheckpoint: join(elsewhere, "checkpoint-1") });
    expect(checkpoints(outputDir)).toEqual(["checkpoint-2"]);
  });

  it("keeps later ones of a run that is gone back on until they are replaced", async () => {
    const outputDir = fresh();
    await made({ outputDir, maxSteps: 6, saveSteps: 1 });
    const from = join(outputDir, "checkpoint-2");
    const seen: string[][] = [];
    const onSave = () => {
      seen.push(checkpoints(outputDir));
      return undefined;
    };
    const again = { outputDir, maxSteps: 6, saveSteps: 2, saveTotalLimit: 1, callbacks: [{ onSave }] };
    await made({ ...again, resumeFromCheckpoint: from });
    expect(seen).toEqual([["checkpoint-4", "checkpoint-5", "checkpoint-6"], ["checkpoint-6"]]);
  });
});

describe("an evaluation that a stop was in the way of", () => {
  it("is made by the run that goes on", async () => {
    const whole = fresh();
    const options = { evalDataset, evalSteps: 3, maxSteps: 6, loggingSteps: 1 };
    const straight = await made({ ...options, outputDir: whole });
    for (const at of [3, 6]) {
      const outputDir = fresh();
      const seen = told(await stoppedAt(at, { ...options, outputDir }));
      expect(seen.slice(-2)).toEqual([`checkpoint ${at}`, `end ${at} stopped`]);
      const rest = await made({ ...options, outputDir, resumeFromCheckpoint: true });
      const expected = told(straight).slice(told(straight).indexOf(`evaluate ${at}`));
      expect(told(rest).filter((line) => line !== "checkpoint 3")).toEqual(expected);
      const losses = (list: TrainEvent[]): number[] =>
        list.flatMap((event) => (event.type === "evaluate" ? event.evaluation.micro : []));
      expect(losses(rest)).toEqual(losses(straight).slice(-losses(rest).length));
      expect(logOf(outputDir, 6)).toEqual(logOf(whole, 6));
    }
  });

  it("before the first update too, and one that a callback asked for", async () => {
    const outputDir = fresh();
    const options = { evalDataset, maxSteps: 2, outputDir };
    await made({ ...options, evalOnStart: true, signal: AbortSignal.abort() });
    const [first] = await made({ ...options, evalOnStart: true, resumeFromCheckpoint: true });
    expect(told([first])).toEqual(["evaluate 0"]);

    const asked = { evalDataset, maxSteps: 3, outputDir: fresh() };
    const controller = new AbortController();
    const onStepEnd = ({ globalStep }: { globalStep: number }) => {
      if (globalStep !== 1) return undefined;
      controller.abort();
      return { shouldEvaluate: true };
    };
    await made({ ...asked, signal: controller.signal, callbacks: [{ onStepEnd }] });
    expect(told(await made({ ...asked, resumeFromCheckpoint: true }))[0]).toBe("evaluate 1");
  });
});

describe("the best model of a run that goes on", () => {
  // nothing is better than the first by 100 nats
  const options = { evalDataset, evalSteps: 1, earlyStoppingThreshold: 100, loadBestModelAtEnd: true };

  it("may be that before the first update", async () => {
    const outputDir = fresh();
    await stoppedAt(2, { ...options, outputDir, evalOnStart: true });
    expect(checkpoints(outputDir)).toEqual(["checkpoint-0", "checkpoint-2"]);
    const [untrained, model] = [tinyLora(), tinyLora()];
    const again = { ...tinyRun, ...options, model, outputDir, evalOnStart: true };
    const { best } = await train({ ...again, resumeFromCheckpoint: true }).result;
    expect(best?.step).toBe(0);
    expect(await allValues(model)).toEqual(await allValues(untrained));
    for (const used of [untrained, model]) used.dispose();
  });

  it("is found beside the checkpoint, wherever the run writes now, or asked for at once", async () => {
    const outputDir = fresh();
    await stoppedAt(3, { ...options, outputDir });
    const from = join(outputDir, "checkpoint-3");
    const straight = tinyLora();
    await events({ ...tinyRun, ...options, model: straight });
    for (const place of [{}, { outputDir: fresh() }, { outputDir }]) {
      const model = tinyLora();
      await events({ ...tinyRun, ...options, ...place, model, resumeFromCheckpoint: from });
      expect(await allValues(model)).toEqual(await allValues(straight));
      model.dispose();
    }
    straight.dispose();
    rmSync(join(outputDir, "checkpoint-1"), { recursive: true });
    const seen: TrainEvent[] = [];
    const sinks = [(event: TrainEvent) => void seen.push(event)];
    await expect(made({ ...options, resumeFromCheckpoint: from, sinks })).rejects.toThrow(
      new RangeError(
        `train: "resumeFromCheckpoint" must lie beside checkpoint-1, the best so far, where "loadBestModelAtEnd" is set, got none in ${outputDir}`,
      ),
    );
    expect(seen).toEqual([]);
  });
});

describe("a run goes on as what it was", () => {
  const settings = { loraRank: 2, loraAlpha: 8, lrSchedulerType: "cosine", warmupSteps: 1 } as const;
  const base = (seed: number): CausalLM => tinyModel(seed);

  it("or not at all: what changes its updates is refused by name", async () => {
    const outputDir = fresh();
    const first = base(1);
    await events({ ...tinyRun, ...settings, model: first, outputDir, saveSteps: 2 });
    const path = join(outputDir, "checkpoint-2");
    const goOn = async (options: Partial<TrainOptions>, seed = 1): Promise<string> => {
      const model = base(seed);
      try {
        await events({ ...tinyRun, ...settings, model, resumeFromCheckpoint: path, ...options });
        return "";
      } catch (error) {
        return error instanceof Error ? error.message : "";
      } finally {
        model.dispose();
      }
    };
    const changes: Partial<TrainOptions>[] = [
      { learningRate: 0.02 },
      { lrSchedulerType: "linear" },
      { warmupSteps: 2 },
      { lossNormalization: "tokens" },
      { maxGradNorm: 2 },
      { weightDecay: 0.5 },
      { parameterGroups: [{ match: "lora_B", learningRateFactor: 2 }] },
      { adamBeta1: 0.5 },
      { adamBeta2: 0.5 },
      { adamEpsilon: 1e-3 },
      { smallSources: ["a"] },
      { loraAlpha: 16 },
      { loraDropout: 0.25 },
      { useRslora: true },
      { maxSteps: 5 },
    ];
    for (const change of changes) {
      const [name] = Object.keys(change);
      expect(await goOn(change)).toMatch(
        new RegExp(`^train: "${name}" must be .* as in the checkpoint ${path}, got`),
      );
    }
    expect(await goOn({}, 2)).toBe(
      `train: "model" must be the one that the checkpoint ${path} was made with, got other frozen weights`,
    );
    // how it is computed, looked at and kept
    expect(
      await goOn({ perDeviceTrainBatchSize: 3, gradientCheckpointing: true, evalDataset, evalSteps: 1 }),
    ).toBe("");
    first.dispose();
  });

  it("with the adapter of the model as with one that is added", async () => {
    const outputDir = fresh();
    const first = base(1);
    addLora(first, { rank: 2, alpha: 8, targets: ["v_proj"], seed: 1 });
    await events({ ...tinyRun, model: first, outputDir, saveSteps: 2 });
    const other = base(1);
    addLora(other, { rank: 2, alpha: 16, targets: ["v_proj"], seed: 1 });
    await expect(
      events({ ...tinyRun, model: other, resumeFromCheckpoint: join(outputDir, "checkpoint-2") }),
    ).rejects.toThrow('train: "loraAlpha" must be 8 as in the checkpoint');
    first.dispose();
    other.dispose();
  });
});

describe("a callback that throws at a checkpoint", () => {
  it("ends the run with what it throws: the checkpoint stands", async () => {
    const outputDir = fresh();
    const onSave = () => {
      throw new Error("no room on the board");
    };
    await expect(made({ outputDir, saveSteps: 2, callbacks: [{ onSave }] })).rejects.toThrow(
      new Error("no room on the board"),
    );
    expect(checkpoints(outputDir)).toEqual(["checkpoint-2"]);
  });
});
