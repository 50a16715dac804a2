import { requireWeights, wrongKind, wrongValue } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import { requireSetFunction } from "./require-set-function.ts";
import type { Evaluator, SetFunction, SubmodularFunction } from "./set-function.ts";

/**
 * Mixture, `f(S) = sum_t weights[t] functions[t](S)`.
 *
 * @param functions - At least one, all on the same number of items. Kept.
 * @param weights - One number per function, at least 0. Copied.
 * @returns A function that is monotone, and submodular, where all of `functions` with a weight above 0 are.
 * @throws {TypeError} If `functions` or `weights` is no array of them.
 * @throws {RangeError} If there is no function, sizes differ, or a weight is negative or not finite.
 * @remarks Non-negative sums keep submodularity: Krause & Golovin (2014), sec. 1.2. Costs are the sums of the
 * parts' costs. Gains of all items are kept when every part keeps its own.
 * @example
 * const f = mixture([modular([1, 0]), modular([0, 2])], [3, 0.5]);
 * f.value([0, 1]); // => 4
 */
export function mixture(
  functions: readonly SubmodularFunction[],
  weights: ArrayLike<number>,
): SubmodularFunction;
export function mixture(functions: readonly SetFunction[], weights: ArrayLike<number>): SetFunction;
export function mixture(functions: readonly SetFunction[], weights: ArrayLike<number>): SetFunction {
  const caller = "mixture";
  if (!Array.isArray(functions)) throw wrongKind(caller, "functions", "be an array", functions);
  functions.forEach((f, t) => {
    requireSetFunction(caller, `functions[${t}]`, f);
  });
  if (functions.length === 0) throw wrongValue(caller, "functions", "hold at least one", 0);
  const { size } = functions[0];
  const other = functions.findIndex((f) => f.size !== size);
  if (other > 0) {
    throw wrongValue(
      caller,
      "functions",
      `be on ${size} items as the first is`,
      functions[other].size,
      other,
    );
  }
  requireWeights(caller, "weights", weights, functions.length);
  // a part of weight 0 would not count, but for what is infinite in it
  const shares = Float64Array.from(weights).filter((weight) => weight > 0);
  const counted = functions.filter((_, t) => weights[t] > 0);
  const combine = (part: (t: number) => number): number => {
    let total = 0;
    for (let t = 0; t < shares.length; t++) total += shares[t] * part(t);
    return total;
  };

  const grow = (): Evaluator => {
    const parts = counted.map((f) => f.start());
    const added: number[] = [];
    const value = (): number => combine((t) => parts[t].value ?? counted[t].value(added));
    const evaluator: Evaluator = {
      get value() {
        return value();
      },
      get tolerance() {
        return combine((t) => parts[t].tolerance ?? 0) * 2;
      },
      gain: (item) => combine((t) => parts[t].gain(item)),
      add(item) {
        for (const part of parts) part.add(item);
        added.push(item);
      },
    };
    if (parts.every((part) => part.gains)) {
      const own = new Float64Array(size);
      evaluator.gains = (out) => {
        out.fill(0);
        for (let t = 0; t < parts.length; t++) {
          parts[t].gains?.(own);
          for (let j = 0; j < size; j++) out[j] += shares[t] * own[j];
        }
      };
    }
    return evaluator;
  };
  return defineSetFunction({
    caller,
    size,
    monotone: counted.every((f) => f.monotone),
    submodular: counted.every((f) => f.submodular),
    value: (set) => combine((t) => counted[t].value(set)),
    grow,
  });
}
