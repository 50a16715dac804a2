import { requireIndices } from "@colm/array";
import type { Evaluator, SetFunction } from "./set-function.ts";

/** What a set function has to say of itself; indices are checked before they reach it. */
export interface Definition<Submodular extends boolean> {
  /** Name of the public function, for messages. */
  readonly caller: string;
  readonly size: number;
  readonly monotone: boolean;
  readonly submodular: Submodular;
  /** f(set) for distinct items. */
  readonly value: (set: ArrayLike<number>) => number;
  /** A growing set, empty at first. */
  readonly grow: () => Evaluator;
}

/** A set function that checks its arguments. */
export function defineSetFunction<Submodular extends boolean>(
  definition: Definition<Submodular>,
): SetFunction & { readonly submodular: Submodular } {
  const { caller, size, monotone, submodular, grow } = definition;
  return {
    size,
    monotone,
    submodular,
    value(set) {
      requireIndices(caller, "set", set, size);
      return definition.value(set);
    },
    start(initial = []) {
      requireIndices(caller, "initial", initial, size);
      return addAll(grow(), initial);
    },
  };
}

/** Adds items to a growing set, which it returns. */
export function addAll<E extends Evaluator>(evaluator: E, items: ArrayLike<number>): E {
  for (let t = 0; t < items.length; t++) evaluator.add(items[t]);
  return evaluator;
}
