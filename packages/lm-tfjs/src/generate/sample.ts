import { uniform } from "@colm/array";

/** How the next token is chosen. */
export interface Sampling {
  /** Divides the logits; 0 takes the largest. */
  readonly temperature: number;
  /** Smallest probability mass that is sampled from, likeliest tokens first, in (0, 1]. */
  readonly topP: number;
  readonly seed: number;
}

/**
 * The next token: `argmax z` at temperature 0 (the lowest id wins a tie), else a draw from `softmax(z / temperature)`
 * cut to the likeliest tokens whose probabilities reach `topP`.
 *
 * @param logits - One per token.
 * @param position - Which draw this is: the draw depends on seed and position alone.
 * @remarks Holtzman et al., "The Curious Case of Neural Text Degeneration" (2020), sec. 3.1.
 */
export function sample(
  logits: ArrayLike<number>,
  { temperature, topP, seed }: Sampling,
  position: number,
): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id] > logits[best]) best = id;
  if (temperature === 0) return best;
  const weights = Float64Array.from(logits, (z) => Math.exp((z - logits[best]) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a] || a - b);
  let mass = 0;
  let size = 0;
  while (size < order.length && mass < topP * total) mass += weights[order[size++]];
  const [draw] = uniform(new Float64Array(1), { seed, start: position });
  let rest = draw * mass;
  for (let i = 0; i < size; i++) {
    rest -= weights[order[i]];
    if (rest < 0) return order[i];
  }
  return order[size - 1];
}
