import { uniform } from "@colm/array";

/** How the next token is chosen. */
export interface Sampling {
  /** Divides the logits; 0 takes the largest. */
  readonly temperature: number;
  /** How many of the likeliest tokens are drawn from at most, at least 1. */
  readonly topK: number;
  /** Smallest probability mass that is sampled from, likeliest tokens first, in (0, 1]. */
  readonly topP: number;
  readonly seed: number;
}

/**
 * The next token: `argmax z` at temperature 0 (the lowest id wins a tie), else a draw from `p = softmax(z / temperature)` over
 * the `topK` likeliest tokens, of those over the fewest likeliest that hold the share `topP` of their probability.
 *
 * @param logits - One per token, finite or -Infinity.
 * @param place - Which draw this is: it depends on seed, stream and position alone.
 * @throws {RangeError} If a logit is NaN or Infinity, or all are -Infinity: the model computes nonsense.
 * @remarks Fan et al., "Hierarchical Neural Story Generation" (2018), sec. 5.3 (top k); Holtzman et al., "The Curious Case of Neural Text
 *   Degeneration" (2020), sec. 3.1 (top p). The draw goes through the kept tokens by id, so that nothing is sorted where all are kept.
 */
export function sample(
  logits: Float32Array,
  { temperature, topK, topP, seed }: Sampling,
  place: { readonly position: number; readonly stream: number },
): number {
  const best = likeliest(logits);
  if (temperature === 0) return best;
  const weights = Float64Array.from(logits, (z) => Math.exp((z - logits[best]) / temperature));
  if (topK < weights.length || topP < 1) keepLikeliest(weights, topK, topP);
  let mass = 0;
  for (const weight of weights) mass += weight;
  const [draw] = uniform(new Float64Array(1), { seed, stream: place.stream, start: place.position });
  let rest = draw * mass;
  for (let id = 0; id < weights.length; id++) {
    rest -= weights[id];
    if (rest < 0) return id;
  }
  return best;
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let id = 0; id < logits.length; id++) {
    const z = logits[id];
    if (!(z < Infinity)) throw notFinite(z, id);
    if (z > logits[best]) best = id;
  }
  if (logits[best] === -Infinity) throw notFinite(-Infinity, best);
  return best;
}

function notFinite(logit: number, id: number): RangeError {
  return new RangeError(`generate: "model" must give finite logits, got ${logit} for token ${id}`);
}

/** Sets the weights of tokens that are not drawn from to 0. Of equal weights those of lower ids are kept. */
function keepLikeliest(weights: Float64Array, topK: number, topP: number): void {
  const falling = weights.toSorted().reverse().subarray(0, topK);
  const enough = topP * falling.reduce((sum, weight) => sum + weight, 0);
  let size = 0;
  for (let mass = 0; size < falling.length && mass < enough; size++) mass += falling[size];
  const least = falling[size - 1];
  let equal = 0;
  for (let i = size - 1; i >= 0 && falling[i] === least; i--) equal++;
  for (let id = 0; id < weights.length; id++) {
    if (weights[id] > least) continue;
    if (weights[id] < least || equal-- <= 0) weights[id] = 0;
  }
}
