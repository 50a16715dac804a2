import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;
const at = (name: string): string => join(job.cwd, name);
beforeAll(async () => {
  job = await tinyJob();
});

/** A run of few steps; its outcome as `--json` gives it. */
async function train(name: string, ...argv: string[]): Promise<Record<string, unknown>> {
  const fixed = ["--model", at("model"), "--data", at("train.jsonl"), "--pool", "16", "--budget", "8"];
  const sizes = ["--lora-rank", "2", "--output", at(name), "--json"];
  const { code, stdout, stderr } = await runMain(["train", ...fixed, ...sizes, ...argv]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("a run ends", () => {
  it("early, when evaluations get no better, with the weights of the best", async () => {
    const stopping = [
      "--eval-steps",
      "1",
      "--early-stopping-patience",
      "1",
      "--early-stopping-threshold",
      "9",
    ];
    const outcome = await train(
      "early",
      "--validation",
      at("held-out.jsonl"),
      "--max-steps",
      "9",
      ...stopping,
    );
    expect(outcome).toMatchObject({ reason: "early-stopped", steps: 2, weights: at("early/adapter") });
    expect(outcome).toMatchObject({ before: { step: 0 }, after: { step: 2 } });
    const { after } = outcome;
    // measured beside ideal
    expect(after).toMatchObject({ seconds: expect.any(Number), idealSeconds: expect.any(Number) });
  });

  it("when its time is over, and --resume goes on", async () => {
    const outcome = await train("timed", "--max-steps", "3", "--max-minutes", "1e-9", "--method", "random");
    expect(outcome).toMatchObject({ reason: "out-of-time", steps: 0, report: at("timed/report.html") });
    expect(existsSync(at("timed/adapter"))).toBe(true);
    const resumed = await runMain(["train", "--resume", at("timed"), "--max-minutes", "60", "--json"]);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ reason: "finished", steps: 3 });
  });
});

describe("a run records", () => {
  it("who was picked, stages measured and ideal, peaks, norms and matching errors", async () => {
    const names = ["--method", "colm", "--mode", "default", "--features", "last-value", "--max-steps", "2"];
    await train("recorded", ...names, "--small-sources", "rare");
    const { steps, settings, sources } = JSON.parse(readFileSync(at("recorded/run.json"), "utf8"));
    expect(settings).toMatchObject({
      mode: "default",
      features: "last-value",
      smallSources: "rare",
      loraRank: 2,
    });
    expect(sources).toContainEqual({ name: "rare", examples: 6, small: true });
    const [step] = steps;
    const places: number[] = Object.values<number[]>(step.examples).flat();
    expect(places).toHaveLength(8);
    for (const [source, list] of Object.entries<number[]>(step.examples)) {
      expect(step.picked[source]).toBe(list.length);
      // every tenth row is rare, the others even and odd in turns
      for (const place of list) {
        const expected = place % 10 === 9 ? "rare" : place % 2 === 0 ? "even" : "odd";
        expect(expected).toBe(source);
      }
    }
    for (const stage of ["trainingForward", "trainingBackward"]) {
      expect(step.stages[stage]).toBeGreaterThan(0);
      expect(step.ideal[stage]).toBeGreaterThan(0);
    }
    expect(step.peakBytes).toBe(Math.max(step.stageBytes.selection, step.stageBytes.training));
    expect(step.gradientNorm).toBeGreaterThan(0);
    expect(step.matching.plain).toBeGreaterThan(0);
    const page = readFileSync(at("recorded/report.html"), "utf8");
    for (const missing of ["was not recorded", "were not recorded"]) {
      expect(page.split(missing).length - 1).toBeLessThanOrEqual(missing.startsWith("was") ? 1 : 0);
    }
  });

  it("the same with kernels as without, and what else the choice may be told", async () => {
    const choice = [
      "--method",
      "facility-location",
      "--features",
      "last-value",
      "--metric",
      "l2",
      "--quotas",
      "equal",
    ];
    const more = ["--keep", "16", "--lora-dropout", "0.1", "--use-rslora", "--max-steps", "2"];
    const picked = async (name: string, ...argv: string[]): Promise<unknown> => {
      await train(name, ...choice, ...more, ...argv);
      const { steps } = JSON.parse(readFileSync(at(`${name}/run.json`), "utf8"));
      return steps.map(({ examples }: { examples: unknown }) => examples);
    };
    expect(await picked("kernels", "--kernels", "cpu")).toEqual(await picked("plain"));
  });

  it("the same on workers as without, but no bytes of tensors, which were not measured", async () => {
    const sizes = ["--per-device-train-batch-size", "4", "--max-steps", "2"];
    const recorded = async (name: string, ...argv: string[]) => {
      const outcome = await train(name, ...sizes, ...argv);
      const record = JSON.parse(readFileSync(at(`${name}/run.json`), "utf8"));
      const adapter = readFileSync(at(`${name}/adapter/adapter_model.safetensors`));
      return { outcome, record, adapter };
    };
    const alone = await recorded("alone");
    const threads = await recorded("threads", "--workers", "2");
    expect(threads.adapter.equals(alone.adapter)).toBe(true);
    expect(threads.record.settings.workers).toBe(2);
    expect(threads.record.memory.workers).toBeGreaterThan(2 * 40e6);
    expect([alone.record.peakBytes > 0, threads.record.peakBytes]).toEqual([true, null]);
    expect(threads.outcome.peakBytes).toBeNull();
    for (const step of threads.record.steps) {
      expect([step.peakBytes, step.stageBytes]).toEqual([undefined, undefined]);
    }
    // gone on with in this thread: a peak of these steps alone would not be that of the run
    const more = await runMain(["train", "--resume", at("threads"), "--workers", "0", "--json"]);
    expect(JSON.parse(more.stdout)).toMatchObject({ reason: "finished", steps: 2, peakBytes: null });
  });

  it("clusters as a setting, where sources are made by them", async () => {
    const outcome = await train(
      "clustered",
      "--clusters",
      "2",
      "--max-steps",
      "1",
      "--source",
      "all",
      "--method",
      "keep-random",
    );
    expect(outcome.reason).toBe("finished");
    expect(JSON.parse(readFileSync(at("clustered/run.json"), "utf8")).settings.clusters).toBe("2");
  });

  it("says which sources clustering made, and how they agree with those that rows name", async () => {
    const fixed = ["--model", at("model"), "--data", at("train.jsonl"), "--pool", "16", "--budget", "8"];
    const clusters = ["--clusters", "3", "--cluster-refresh-steps", "1", "--max-steps", "2"];
    const { stdout } = await runMain(["train", ...fixed, ...clusters, "--output", at("told")]);
    expect(stdout).toContain("sources by clustering: a forward pass over all 60 examples, each time\n");
    const told = stdout.split("\n").filter((line) => /^step .* by clustering/.test(line));
    expect(told).toHaveLength(2);
    for (const [step, line] of told.entries()) {
      expect(line).toMatch(
        /^step \d: 3 sources by clustering, of \d+, \d+ and \d+ examples, [012] of them small; agreement with the rows' own -?0\.\d\d \(adjusted Rand index\); \d+\.\d s$/,
      );
      expect(line.startsWith(`step ${step}: `)).toBe(true);
      const sizes = line.match(/\d+(?=[, ].*examples)/g)?.slice(-3) ?? [];
      expect(sizes.reduce((sum, size) => sum + Number(size), 0)).toBe(60);
    }
    // where all rows are of one source there is nothing to agree with
    const one = await runMain([
      "train",
      ...fixed,
      "--source-from",
      "none",
      ...["--clusters", "2", "--max-steps", "1", "--output", at("unlabelled")],
    ]);
    expect(one.stdout).toMatch(/2 sources by clustering, of \d+ and \d+ examples, 1 of them small; \d/);
  });
});

describe("a worker that is killed", () => {
  it("is one line that names the last checkpoint and the command that goes on from it", async () => {
    const threads: Worker[] = [];
    const seeThread = (worker: Worker): void => void threads.push(worker);
    process.on("worker", seeThread);
    const fixed = ["--model", at("model"), "--data", at("train.jsonl"), "--pool", "16", "--budget", "8"];
    const sizes = ["--lora-rank", "2", "--max-steps", "6", "--save-steps", "2"];
    const more = ["--workers", "2", "--per-device-train-batch-size", "2", "--output", at("gone")];
    const running = runMain(["train", ...fixed, ...sizes, ...more]);
    const checkpoint = at("gone/checkpoint-2");
    while (!existsSync(checkpoint)) await new Promise((resolve) => setTimeout(resolve, 1));
    await threads[1].terminate();
    process.off("worker", seeThread);
    const { code, stderr } = await running;
    const last = existsSync(at("gone/checkpoint-4")) ? at("gone/checkpoint-4") : checkpoint;
    expect(stderr).toMatch(
      /^colm train: unexpected error: worker 2 of 2 ended with exit code 1 after step \d; /,
    );
    expect(stderr).toContain(`; ${last} is whole, go on with: colm train --resume ${at("gone")} `);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
    // what the line says works, and ends where a run that nobody disturbed does
    const [, command = ""] = /go on with: colm (.*) \(COLM_DEBUG/.exec(stderr) ?? [];
    expect(await runMain(command.split(" "))).toMatchObject({ code: 0, stderr: "" });
    await runMain([
      "train",
      ...fixed,
      ...sizes,
      "--per-device-train-batch-size",
      "2",
      "--output",
      at("calm"),
    ]);
    const adapter = (name: string): string =>
      readFileSync(at(`${name}/adapter/adapter_model.safetensors`)).toString("base64");
    expect(adapter("gone")).toBe(adapter("calm"));
  });
});

describe("settings that do not go together", () => {
  it.each([
    [
      ["--boundary", "largest"],
      '--boundary must be mean, median, quantile, share, quantile:X or share:X, got "largest"',
    ],
    [
      ["--boundary", "quantile:x"],
      '--boundary must be mean, median, quantile, share, quantile:X or share:X, got "quantile:x"',
    ],
    [["--kernels", "gpu"], '--kernels must be one of auto, webgpu, webgl2, webasm, cpu, got "gpu"'],
    [["--lora-dropout", "1"], /"loraDropout" must|"dropout" must/],
    [["--cluster-layer", "1"], "--cluster-layer must go with --clusters"],
    [["--max-minutes", "soon"], /"maxMinutes" must/],
    [["--mass", "2"], /mass" must/],
    [["--workers=-1"], '"workers" must be an integer of at least 0, got -1'],
    [["--workers", "2", "--reuse"], '"workers" must be 0 with "selection.reuse"'],
  ])("%j", async (argv, message) => {
    await expect(train("refused", "--max-steps", "1", ...argv)).rejects.toThrow(message);
    expect(existsSync(at("refused"))).toBe(false);
  });
});
