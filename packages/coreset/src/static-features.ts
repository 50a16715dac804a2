import {
  type Matrix,
  matrix,
  requireIndices,
  requireNatural,
  requireOptions,
  requireVector,
  wrongKind,
} from "@colm/array";
import { countSketch } from "./count-sketch.ts";

/** Settings of {@link staticFeatures}. */
export interface StaticFeaturesOptions {
  /** Numbers for each example, at least 1; a few hundred. */
  readonly dimension: number;
  /** Integer in [0, 2^53): the projection. */
  readonly seed: number;
  /**
   * Labels as a trainer has them, one list for each list of tokens and of its length, negative where a token is not
   * learned. With them a token of a prompt and the same token of an answer are two different terms.
   */
  readonly labels?: Iterable<ArrayLike<number>>;
  /** `"both"` (default): prompt and answer. `"answer"`: labelled tokens alone; needs `labels`. */
  readonly part?: "both" | "answer";
}

/**
 * Features of examples from their tokens alone: idf-weighted counts, `x_t = (1 + ln(tf_t)) ln((1 + n) / (1 + df_t) + 1)`,
 * scaled to length 1 and sketched to `dimension` numbers. No model is asked.
 *
 * @param tokens - The ids of each example, natural numbers; walked through once.
 * @param options - `dimension`, `seed`, `labels`, `part`.
 * @returns `[n, dimension]`, float32, in the order of the examples; fresh. An example without terms has a row of zeros.
 * @throws {TypeError | RangeError} If a token is no natural number, labels and tokens differ in number, or a setting is
 *   out of range.
 * @remarks Term weights after Salton & Buckley, "Term-weighting approaches in automatic text retrieval" (1988), sublinear and
 *   smoothed so that every term counts; the projection is a count sketch (Charikar, Chen & Farach-Colton 2002). `df` counts
 *   the examples of this call: make the features of a whole data set in one. O(tokens) time and memory.
 * @example
 * const features = staticFeatures([[5, 6, 6], [5, 7]], { dimension: 8, seed: 1 });
 * features.shape; // => [2, 8]
 * staticFeatures([[1, 2], [2, 1]], { dimension: 8, seed: 1 }).data.slice(0, 8).some((x) => x !== 0); // => true
 */
export function staticFeatures(tokens: Iterable<ArrayLike<number>>, options: StaticFeaturesOptions): Matrix {
  requireOptions("staticFeatures", options);
  const { dimension, seed, labels, part = "both" } = options;
  requireNatural("staticFeatures", "dimension", dimension, 2 ** 31 - 1);
  if (dimension === 0) throw new RangeError('staticFeatures: "dimension" must be at least 1, got 0');
  requireNatural("staticFeatures", "seed", seed);
  if (part !== "both" && part !== "answer") {
    throw new RangeError(`staticFeatures: "part" must be "both" or "answer", got ${JSON.stringify(part)}`);
  }
  if (part === "answer" && labels === undefined) {
    throw new TypeError('staticFeatures: "labels" must be given for the answers alone, got undefined');
  }
  requireLists("tokens", tokens);
  if (labels !== undefined) requireLists("labels", labels);
  const examples = countTerms(tokens, labels, part);
  const spread = new Map<number, number>();
  for (const counts of examples) {
    for (const term of counts.keys()) spread.set(term, (spread.get(term) ?? 0) + 1);
  }
  const sketch = countSketch(dimension, seed);
  const out = new Float32Array(examples.length * dimension);
  const sums = new Float64Array(dimension);
  for (const [i, counts] of examples.entries()) {
    sums.fill(0);
    let square = 0;
    for (const [term, count] of counts) {
      const rarity = Math.log((1 + examples.length) / (1 + (spread.get(term) ?? 0)) + 1);
      const weight = (1 + Math.log(count)) * rarity;
      square += weight * weight;
      const to = sketch.place(term);
      if (to < 0) sums[-1 - to] -= weight;
      else sums[to] += weight;
    }
    const length = Math.sqrt(square);
    if (length > 0)
      out.set(
        sums.map((x) => x / length),
        i * dimension,
      );
  }
  return matrix(out, examples.length, dimension);
}

function requireLists(name: string, value: unknown): void {
  if (typeof Object(value)[Symbol.iterator] === "function" && typeof value !== "string") return;
  throw wrongKind("staticFeatures", name, "be lists of numbers", value);
}

/** Terms and how often each stands in each example: token t of an answer (or without labels) is 2t, of a prompt 2t + 1. */
function countTerms(
  tokens: Iterable<ArrayLike<number>>,
  labels: Iterable<ArrayLike<number>> | undefined,
  part: "both" | "answer",
): Map<number, number>[] {
  const answers = labels?.[Symbol.iterator]();
  const examples: Map<number, number>[] = [];
  for (const ids of tokens) {
    requireIndices("staticFeatures", `tokens[${examples.length}]`, ids, 2 ** 30, false);
    const own = answers?.next();
    if (own?.done) {
      throw new RangeError(
        `staticFeatures: "labels" must have as many lists as "tokens", got ${examples.length}`,
      );
    }
    if (own !== undefined)
      requireVector("staticFeatures", `labels[${examples.length}]`, own.value, ids.length);
    const counts = new Map<number, number>();
    for (let t = 0; t < ids.length; t++) {
      const isPrompt = own !== undefined && own.value[t] < 0;
      if (isPrompt && part === "answer") continue;
      const term = 2 * ids[t] + (isPrompt ? 1 : 0);
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
    examples.push(counts);
  }
  if (answers !== undefined && !answers.next().done) {
    throw new RangeError(
      `staticFeatures: "labels" must have as many lists as "tokens", got more than ${examples.length}`,
    );
  }
  return examples;
}
