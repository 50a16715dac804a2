import { requireIndices } from "@colm/array";
import { defineSetFunction } from "./define-set-function.ts";
import { requireSetFunction } from "./require-set-function.ts";
import type { Evaluator, SetFunction, SubmodularFunction } from "./set-function.ts";

/**
 * The same function with fewer items to choose from: item `t` of the result is `items[t]` of `f`.
 *
 * @param f - Any set function. Kept.
 * @param items - Distinct items of `f`. Copied.
 * @returns A function on `items.length` items, monotone and submodular where `f` is.
 * @throws {TypeError} If `items` is no array of numbers.
 * @throws {RangeError} If an item is out of range or repeated.
 * @remarks The costs of `f`; gains are asked one by one, since keeping all of them would cost those of every item.
 * @example
 * restrict(modular([1, 2, 4]), [2, 0]).value([0]); // => 4
 */
export function restrict(f: SubmodularFunction, items: ArrayLike<number>): SubmodularFunction;
export function restrict(f: SetFunction, items: ArrayLike<number>): SetFunction;
export function restrict(f: SetFunction, items: ArrayLike<number>): SetFunction {
  requireSetFunction("restrict", "f", f);
  requireIndices("restrict", "items", items, f.size);
  const own = Int32Array.from(items);
  const grow = (): Evaluator => {
    const inner = f.start();
    return {
      get value() {
        return inner.value;
      },
      gain: (item) => inner.gain(own[item]),
      add: (item) => inner.add(own[item]),
    };
  };
  return defineSetFunction({
    caller: "restrict",
    size: own.length,
    monotone: f.monotone,
    submodular: f.submodular,
    value: (set) => f.value(Array.from(set, (item) => own[item])),
    grow,
  });
}
