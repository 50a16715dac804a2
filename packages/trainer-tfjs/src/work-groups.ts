import type { ModelWorkers } from "@colm/lm-tfjs";

/** Cuts a list of micro-batches into parts that keep all workers busy, so that not all of their results are held at once. */
export function* workGroups<T>({ count }: ModelWorkers, list: readonly T[]): Generator<T[]> {
  const size = 4 * count;
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}
