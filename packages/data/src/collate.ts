import { describe, requireNatural } from "@colm/array";
import { type Example, IGNORED } from "./encode.ts";

/** Examples side by side, row-major `[batch, tokens]`, padded on the right. */
export interface Batch {
  readonly inputIds: Int32Array;
  /** 1 where a token is, 0 where padding is. */
  readonly attentionMask: Int32Array;
  /** -100 where nothing is learned. */
  readonly labels: Int32Array;
  readonly shape: readonly [batch: number, tokens: number];
}

/** The parts of an example that go into a batch. */
export type Tokens = Pick<Example, "inputIds" | "labels">;

/**
 * Puts examples of different lengths into one batch, `tokens = ceil(max(longest, padTo) / multipleOf) multipleOf`.
 *
 * @param examples - At least one. Read, not kept.
 * @param options - `padTo`: tokens per row, at least as many as the longest example has; by default as many as it has.
 *   `multipleOf`: the number of tokens is rounded up to its next multiple, 1 by default. `padId`: the token that fills up,
 *   0 by default; it is masked, so that its value does not matter to a model.
 * @returns The batch, its arrays fresh: ids padded with `padId`, mask with 0, labels with -100.
 * @throws {TypeError | RangeError} If there are no examples, ids and labels differ in length, an option is outside its
 *   range, or an example is longer than `padTo`.
 * @example
 * const short = { inputIds: Int32Array.of(5), labels: Int32Array.of(5) };
 * const long = { inputIds: Int32Array.of(6, 7, 8), labels: Int32Array.of(-100, 7, 8) };
 * const batch = collate([short, long], { multipleOf: 2 });
 * batch.shape; // => [2, 4]
 * batch.inputIds; // => [5, 0, 0, 0, 6, 7, 8, 0]
 * batch.labels; // => [5, -100, -100, -100, -100, 7, 8, -100]
 */
export function collate(
  examples: readonly Tokens[],
  options: { readonly padTo?: number; readonly multipleOf?: number; readonly padId?: number } = {},
): Batch {
  const { padTo = 0, multipleOf = 1, padId = 0 } = options;
  if (examples.length === 0) throw new RangeError('collate: "examples" must hold at least one, got none');
  requireNatural("collate", "padTo", padTo);
  requireNatural("collate", "multipleOf", multipleOf);
  requireNatural("collate", "padId", padId, 2 ** 31 - 1);
  if (multipleOf === 0) throw new RangeError('collate: "multipleOf" must be at least 1, got 0');
  const longest = longestOf(examples, options.padTo);
  const tokens = Math.ceil(Math.max(longest, padTo) / multipleOf) * multipleOf;
  const inputIds = new Int32Array(examples.length * tokens).fill(padId);
  const attentionMask = new Int32Array(examples.length * tokens);
  const labels = new Int32Array(examples.length * tokens).fill(IGNORED);
  for (const [i, example] of examples.entries()) {
    inputIds.set(example.inputIds, i * tokens);
    labels.set(example.labels, i * tokens);
    attentionMask.fill(1, i * tokens, i * tokens + example.inputIds.length);
  }
  return { inputIds, attentionMask, labels, shape: [examples.length, tokens] };
}

function longestOf(examples: readonly Tokens[], padTo: number | undefined): number {
  let longest = 0;
  for (const [i, { inputIds, labels }] of examples.entries()) {
    if (!(inputIds instanceof Int32Array && labels instanceof Int32Array)) {
      throw new TypeError(
        `collate: "examples" must hold Int32Array ids and labels, got ${describe(inputIds)} and ${describe(labels)} at ${i}`,
      );
    }
    if (labels.length !== inputIds.length) {
      throw new RangeError(
        `collate: "examples" must have as many labels as ids, got ${labels.length} and ${inputIds.length} at ${i}`,
      );
    }
    if (padTo !== undefined && inputIds.length > padTo) {
      throw new RangeError(
        `collate: "padTo" must be at least the longest example, got ${padTo} for ${inputIds.length} tokens at ${i}`,
      );
    }
    longest = Math.max(longest, inputIds.length);
  }
  return longest;
}
