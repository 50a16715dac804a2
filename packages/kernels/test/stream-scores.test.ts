import { type AdamState, adamNormalize } from "@colm/adam-normalize";
import { type Matrix, matrix, normal } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GpuAdapter, openGpu } from "../src/gpu-adapter.ts";
import { streamCandidates } from "../src/stream-candidates.ts";
import type { Gradients, StreamProblem } from "../src/stream-problem.ts";
import { streamScores, type VisitScores } from "../src/stream-scores.ts";
import { modes } from "./modes.ts";

const [ROWS, DIMENSION] = [21, 1500];
const groups = Int32Array.from({ length: ROWS }, (_, i) => (i % 5) % 3);

/** Coefficients for q directions. */
const estimates = (q: number, factor = 1, seed = 1): Gradients =>
  directionalGradients(
    matrix(
      normal(new Float32Array(ROWS * q), { seed }).map((c) => c * factor),
      ROWS,
      q,
    ),
    { dimension: DIMENSION, seed: 7 },
  );
const stored = (data: Float32Array | Float64Array): Matrix => matrix(data, ROWS, DIMENSION);
const draws = (seed: number): Float32Array => normal(new Float32Array(ROWS * DIMENSION), { seed });

function history(step: number, factor = 1): AdamState {
  const m = normal(new Float32Array(DIMENSION), { seed: 8 }).map((x) => x * factor);
  return { kind: "dense", step, m, v: m.map((x, j) => x * x * (1 + (j % 5))) };
}

const adam = adamNormalize();
const first = adam.init(DIMENSION);
const fixed = adam.advance(first, estimates(1), [0, 3, 4]);
const problem = (state: AdamState, gradients: Gradients, epsilon = 1e-8): StreamProblem => ({
  state,
  gradients,
  keep: 100,
  groups,
  normalizer: adamNormalize({ epsilon }),
});
/** Signs, histories, sizes near the ends of float32, sums that cancel. */
const problems: Record<string, StreamProblem> = {
  "a first step": problem(first, estimates(8)),
  "a first step on one direction": problem(first, estimates(1)),
  "a later step": problem(history(3), estimates(8)),
  "a late step": problem(history(5000, 0.01), estimates(3)),
  "a history on one direction": problem(fixed, estimates(1, 1, 2)),
  "another direction than that of the history": problem(fixed, estimates(4)),
  "gradients far below the history": problem(history(2), estimates(8, 1e-6)),
  "gradients far above the history": problem(history(2, 1e-6), estimates(8)),
  "gradients as small as epsilon": problem(first, estimates(8, 1e-8)),
  "the smallest gradients": problem(first, estimates(5, 1e-35), 1e-30),
  "the largest gradients": problem(history(2, 1e17), estimates(5, 1e17)),
  "stored gradients": problem(history(3), stored(draws(5))),
  "stored gradients of a first step": problem(first, stored(draws(5))),
  "stored float64 gradients": problem(history(3), stored(Float64Array.from(draws(5), (x) => x / 3))),
  "stored gradients with many zeros": problem(first, stored(draws(5).map((x) => (x > 0.5 ? x : 0)))),
  "a history without a second moment": problem(
    {
      kind: "dense",
      step: 2,
      m: normal(new Float32Array(DIMENSION), { seed: 3 }),
      v: new Float32Array(DIMENSION),
    },
    estimates(8, 1e-3),
  ),
  "no gradients at all": problem(first, stored(new Float32Array(ROWS * DIMENSION))),
};

const cases = modes.flatMap((own) =>
  (["cpu", "device"] as const).map((directions) => ({ ...own, directions })),
);

for (const { mode, name, here, directions } of cases) {
  describe.skipIf(!here)(`the scores of the stream in ${name}, directions by the ${directions}`, () => {
    let gpu: GpuAdapter;
    beforeAll(() => {
      gpu = openGpu(mode);
    });
    afterAll(() => gpu.dispose());

    it.each(Object.entries(problems))("are as near to those of the CPU as they say: %s", async (_, own) => {
      const exact = exactScores(own);
      let known = 0;
      const visit: VisitScores = (start, length, scores, slacks) => {
        for (let g = 0; g < 3; g++) {
          for (let j = 0; j < length; j++) {
            if (!(slacks[g][j] < 1e29)) continue;
            known++;
            const error = Math.abs(scores[g][j] - exact[g][start + j]);
            if (!(error <= slacks[g][j])) {
              expect.fail(`${g}, ${start + j}: ${scores[g][j]} is ${error} off, not ${slacks[g][j]}`);
            }
          }
        }
      };
      await streamScores(gpu, own, 3, visit, directions);
      // a bound that says nothing would pass
      if (!own.gradients || !Object.is(own, problems["no gradients at all"])) {
        expect(known).toBeGreaterThan(0.5 * 3 * DIMENSION);
      }
    });

    it.each(Object.entries(problems))("leave no kept coordinate out: %s", async (_, own) => {
      const exact = exactScores(own);
      const candidates = await streamCandidates(gpu, own, directions);
      for (const [g, list] of candidates.entries()) {
        const kept = Array.from(exact[g].keys())
          .sort((a, b) => exact[g][b] - exact[g][a] || a - b)
          .slice(0, own.keep);
        expect(list).toEqual(Int32Array.from(new Set(list)).sort());
        const listed = new Set(list);
        expect(kept.filter((j) => !listed.has(j))).toEqual([]);
      }
    });

    it("leave few coordinates to the CPU where gradients differ", async () => {
      const candidates = await streamCandidates(gpu, problems["a later step"], directions);
      for (const list of candidates) expect(list.length).toBeLessThan(problems["a later step"].keep + 10);
    });
  });
}

/** `|mean u|` of each group as the CPU ranks them. */
function exactScores({ state, gradients, normalizer }: StreamProblem): Float32Array[] {
  const u = normalizer.normalize(state, gradients);
  return [0, 1, 2].map((g) => {
    const rows = Array.from(groups.keys()).filter((i) => groups[i] === g);
    return Float32Array.from({ length: DIMENSION }, (_, j) =>
      Math.abs(rows.reduce((sum, i) => sum + u.get(i, j), 0) / rows.length),
    );
  });
}
