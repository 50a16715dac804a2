import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunOptions, runColm } from "./run-colm.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;

beforeAll(async () => {
  job = await tinyJob();
});

const sizes = ["--pool", "16", "--budget", "8", "--lora-rank", "2", "--learning-rate", "0.01"];
const train = (...more: string[]): string[] => [
  "train",
  "--model",
  "model",
  "--data",
  "train.jsonl",
  ...sizes,
  ...more,
];

const adapter = (name: string): Buffer =>
  readFileSync(join(job.cwd, "runs", name, "adapter", "adapter_model.safetensors"));

/** Step and loss of every step that a run's record holds. */
const losses = (name: string): [number, number][] =>
  JSON.parse(readFileSync(join(job.cwd, "runs", name, "run.json"), "utf8")).steps.map(
    ({ step, loss }: { step: number; loss: number }) => [step, loss],
  );

describe("colm train", () => {
  it("trains, prints a table and writes the run's folder", async () => {
    const argv = train("--validation", "held-out.jsonl", "--max-steps", "4", "--output", "runs/first");
    const { code, stdout, stderr } = await runColm(argv, { cwd: job.cwd });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/step 4\/4 {2}loss \d+\.\d{4} {2}\d+ tokens\/s/);
    expect(stdout).toMatch(/held out +before +step 4\n/);
    expect(stdout).toMatch(/loss, small sources +\d/);
    expect(stdout).toContain("MiB of tensors at most");
    expect(stdout.trimEnd().endsWith(join("runs", "first", "report.html"))).toBe(true);
    const folder = join(job.cwd, "runs", "first");
    expect(readdirSync(folder).sort()).toEqual([
      "adapter",
      "arguments.json",
      "checkpoint-4",
      "events.jsonl",
      "report.html",
      "run.json",
    ]);
    const record = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
    expect(record).toMatchObject({ format: 1, name: "first", method: "colm", pool: 16, budget: 8, seed: 42 });
    expect(record.steps).toHaveLength(4);
    expect(record.evaluations.map(({ step }: { step: number }) => step)).toEqual([0, 4]);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("<html");
  });

  it("is the same twice, and its adapter fits the model again", async () => {
    const adapters = [];
    for (const name of ["a", "b"]) {
      const { code } = await runColm(train("--max-steps", "2", "--output", `runs/${name}`), { cwd: job.cwd });
      expect(code).toBe(0);
      adapters.push(readFileSync(join(job.cwd, "runs", name, "adapter", "adapter_model.safetensors")));
    }
    expect(adapters[1].equals(adapters[0])).toBe(true);
    const argv = ["--model", "model", "--adapter", "runs/a/adapter", "--data", "held-out.jsonl", "--json"];
    const evaluated = await runColm(["evaluate", ...argv], { cwd: job.cwd });
    expect(evaluated.code).toBe(0);
    expect(JSON.parse(evaluated.stdout).losses.micro).toBeGreaterThan(0);
  });

  it("saves a usable checkpoint at Ctrl-C or SIGTERM, says so, and goes on from it to the same end; killed, from the last one", async () => {
    const long = ["--max-steps", "120", "--save-steps", "10", "--output"];
    const whenBegun = (signal: NodeJS.Signals): NonNullable<RunOptions["onOutput"]> => {
      let sent = false;
      return (stdout, send) => {
        if (sent || !stdout.includes("step 24/120")) return;
        sent = true;
        send(signal);
      };
    };
    const straight = await runColm(train(...long, "runs/straight"), { cwd: job.cwd });
    expect(straight.code).toBe(0);

    const signals = [
      ["stopped", "SIGINT", 130, "stopping (Ctrl-C again stops at once)"],
      ["ended", "SIGTERM", 143, "stopping (SIGTERM again stops at once)"],
    ] as const;
    for (const [name, signal, code, said] of signals) {
      const stopped = await runColm(train(...long, `runs/${name}`), {
        cwd: job.cwd,
        onOutput: whenBegun(signal),
      });
      expect(stopped.code).toBe(code);
      expect(stopped.stderr).toBe(`\n${said}\n`);
      expect(stopped.stdout).toMatch(
        new RegExp(
          `stopped: runs/${name}/checkpoint-\\d+ is whole; go on with: colm train --resume runs/${name}\n`,
        ),
      );
      expect(existsSync(join(job.cwd, "runs", name, "adapter"))).toBe(false);
      expect(existsSync(join(job.cwd, "runs", name, "report.html"))).toBe(true);
    }

    const killed = await runColm(train(...long, "runs/killed"), {
      cwd: job.cwd,
      onOutput: whenBegun("SIGKILL"),
    });
    expect(killed.code).toBe(null);
    expect(existsSync(join(job.cwd, "runs", "killed", "checkpoint-20"))).toBe(true);

    for (const name of ["stopped", "ended", "killed"]) {
      const resumed = await runColm(["train", "--resume", `runs/${name}`], { cwd: job.cwd });
      expect(resumed.stderr).toBe("");
      expect(resumed.code).toBe(0);
      expect(adapter(name).equals(adapter("straight"))).toBe(true);
      expect(losses(name)).toEqual(losses("straight"));
    }
  });

  it("shows the controls that were run beside it in its report", async () => {
    const fixed = train("--max-steps", "1");
    for (const method of ["random", "keep-random", "colm"]) {
      const argv = [...fixed, "--method", method, "--output", `controlled/${method}`];
      expect((await runColm(argv, { cwd: job.cwd })).code).toBe(0);
    }
    const page = readFileSync(join(job.cwd, "controlled", "colm", "report.html"), "utf8");
    expect(page).toContain('<th scope="row">random</th>');
    expect(page).toContain("Not run: random 16. Without it this report cannot tell");
  });

  it("names its runs itself and never writes over one", async () => {
    const argv = train("--max-steps", "1", "--method", "random");
    for (let i = 0; i < 2; i++) expect((await runColm(argv, { cwd: job.cwd })).code).toBe(0);
    expect(existsSync(join(job.cwd, "runs", "random-8-of-16"))).toBe(true);
    expect(existsSync(join(job.cwd, "runs", "random-8-of-16-2"))).toBe(true);
  });

  it("trains every weight when asked to", async () => {
    const argv = ["train", "--model", "model", "--data", "train.jsonl", "--pool", "16", "--budget", "8"];
    const { code } = await runColm(
      [...argv, "--full", "--method", "keep-random", "--max-steps", "2", "--output", "runs/full"],
      {
        cwd: job.cwd,
      },
    );
    expect(code).toBe(0);
    expect(readdirSync(join(job.cwd, "runs", "full", "model")).sort()).toContain("model.safetensors");
  });
});
