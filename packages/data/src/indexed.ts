/** A list of which any entry can be asked for by its number, and that need not be held: rows on a disk, chunks of texts. */
export interface Indexed<T> {
  readonly length: number;
  /** Entry `index`, in `[0, length)`. */
  get(index: number): T | Promise<T>;
}

/** An array, or a list that is read on demand. */
export type ListOf<T> = ArrayLike<T> | Indexed<T>;

/** Entry `index` of either. */
export function entryOf<T>(list: ListOf<T>, index: number): T | Promise<T> {
  return "get" in list ? list.get(index) : list[index];
}

/**
 * All entries of a list, `out[i] = list.get(i)`.
 *
 * @param list - Any list that is read on demand.
 * @returns The entries in order; a fresh array.
 * @example
 * await collect({ length: 3, get: (i) => i * i }); // => [0, 1, 4]
 */
export async function collect<T>(list: Indexed<T>): Promise<T[]> {
  const entries: T[] = [];
  for (let i = 0; i < list.length; i++) entries.push(await list.get(i));
  return entries;
}
