import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { uniform } from "@colm/array";
import { describe, expect, it } from "vitest";

const CHILD = fileURLToPath(new URL("killed-run.ts", import.meta.url));
const STEPS = 25;
/** Two chains of runs, each killed so often, side by side. */
const KILLS = 27;

/** What a process said: the step it went on from, the newest checkpoint it told of, whether it came to its end. */
interface Said {
  readonly from: number | undefined;
  readonly checkpoint: number;
  readonly ended: boolean;
  readonly stderr: string;
}

/** Runs the child, and kills it `after` milliseconds behind its start or, for `"begun"`, behind its first line. */
async function runChild(folder: string, kill?: { after: number; behind: "start" | "begun" }): Promise<Said> {
  const child = spawn(process.execPath, [CHILD, folder, String(STEPS)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const begun = new Promise<void>((resolve) => {
    child.stdout.on("data", (data) => {
      stdout += data;
      resolve();
    });
    child.on("close", () => resolve());
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  if (kill) {
    if (kill.behind === "begun") await begun;
    await Promise.race([wait(kill.after), closed]);
    child.kill("SIGKILL");
  }
  await closed;
  const lines = stdout.split("\n").slice(0, -1);
  const numbers = (word: string): number[] =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? Number(line.split(" ")[1]) : []));
  return {
    from: numbers("from").at(0),
    checkpoint: Math.max(0, ...numbers("checkpoint")),
    ended: numbers("end").length > 0,
    stderr,
  };
}

/** Every file of the last checkpoint that holds values; the times in trainer_state.json differ from run to run. */
function valuesOf(folder: string): Record<string, string> {
  const path = join(folder, `checkpoint-${STEPS}`);
  const names = readdirSync(path).filter((name) => name !== "trainer_state.json");
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name)).toString("base64")]));
}

const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-killed-"));

describe("a process killed at any moment", () => {
  it(`${2 * KILLS} times loses at most the steps since its last checkpoint and ends as if nothing had been`, async () => {
    const undisturbed = fresh();
    expect((await runChild(undisturbed)).ended).toBe(true);
    const expected = valuesOf(undisturbed);
    expect(Object.keys(expected)).toContain("adapter_model.safetensors");

    const chain = async (seed: number): Promise<{ kills: number; finished: number; torn: number }> => {
      const draws = uniform(new Float64Array(8 * KILLS), { seed });
      let folder = fresh();
      let [kills, finished, torn, safe] = [0, 0, 0, 0];
      for (let turn = 0; kills < KILLS || finished === 0; turn++) {
        const isKilled = kills < KILLS;
        const behind = draws[2 * turn] < 0.1 ? "start" : "begun";
        const after = draws[2 * turn + 1] * (behind === "start" ? 600 : 700);
        const said = await runChild(folder, isKilled ? { after, behind } : undefined);
        expect(said.stderr).toBe("");
        if (said.from !== undefined) {
          // what a process told of as a checkpoint is what the next one goes on from, or a later one
          expect(said.from).toBeGreaterThanOrEqual(safe);
        }
        safe = Math.max(safe, said.from ?? 0, said.checkpoint);
        if (!said.ended) {
          kills++;
          if (readdirSync(folder).some((name) => name.endsWith(".partial"))) torn++;
          continue;
        }
        expect(valuesOf(folder)).toEqual(expected);
        finished++;
        folder = fresh();
        safe = 0;
      }
      return { kills, finished, torn };
    };
    const chains = await Promise.all([chain(1), chain(2)]);
    // an update takes about as long as writing its checkpoint, so some of the kills fell into the writing
    expect(chains[0].torn + chains[1].torn).toBeGreaterThan(0);
    for (const { kills, finished } of chains) {
      expect(kills).toBe(KILLS);
      expect(finished).toBeGreaterThan(0);
    }
  }, 240_000);
});
