import type { Evaluator } from "./set-function.ts";

/** Adds items one after the other, and returns what each brought. */
export function addInOrder(evaluator: Evaluator, items: Int32Array): Float64Array {
  const gains = new Float64Array(items.length);
  for (const [t, item] of items.entries()) {
    gains[t] = evaluator.gain(item);
    evaluator.add(item);
  }
  return gains;
}
