import { matrix, normal, uniform } from "@colm/array";
import { smallSources } from "@colm/source-balance";
import { type DirectionalGradients, directionalGradients } from "@colm/spsa";

export const POOL = 128;
export const BUDGET = 64;
/** LoRA B of the last V projection of Phi-2 at rank 128, and its width. */
export const DIMENSION = 327_680;
export const KEEP = 2560;
/** Examples per source of a mixture with a skew of 300:1; the pool is drawn from it. */
export const COUNTS: readonly number[] = [6000, 3000, 2000, 1200, 400, 200, 60, 20];
export const SMALL: readonly boolean[] = smallSources(COUNTS);

/** The selector of CoLM as its reference computes it. */
export const OFFICIAL = { mode: "official", budget: BUDGET, keep: KEEP, sources: { small: SMALL } } as const;

/** Estimates of the pool's gradients; `stream` tells one step from another. */
export function estimates(directions: number, stream: number): DirectionalGradients {
  const coefficients = normal(new Float32Array(POOL * directions), { seed: 7, stream });
  return directionalGradients(matrix(coefficients, POOL, directions), { dimension: DIMENSION, seed: 7 });
}

/** The source of each example of the pool, drawn with the probabilities of the mixture. */
export function drawSources(): Int32Array {
  const total = COUNTS.reduce((a, b) => a + b);
  const ends = COUNTS.map((_, s) => COUNTS.slice(0, s + 1).reduce((a, b) => a + b) / total);
  return Int32Array.from(uniform(new Float64Array(POOL), { seed: 7 }), (u) =>
    ends.findIndex((end) => u < end),
  );
}
