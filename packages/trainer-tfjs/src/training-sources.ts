import { countSources, type Example, type ListOf, sourceIndices } from "@colm/data";
import { type BoundaryOptions, smallSources } from "@colm/source-balance";

import { type ListFacts, listFacts } from "./example-list.ts";

/** The sources of a training set. */
export interface TrainingSources {
  /** Names by falling size; a source's number is its place here. */
  readonly names: readonly string[];
  /** Examples of each source in the training set. */
  readonly counts: Int32Array;
  /** Whether each source is small: its pool examples are all kept. */
  readonly small: boolean[];
  /** The source of each example, by number. */
  readonly ids: Int32Array;
}

/**
 * Numbers the sources of a training set and says which of them are small.
 *
 * @param examples - The training set; a list that is read on demand is read once.
 * @param explicit - Names of the small sources; default: those below the mean size, `|V_s| < |V| / c`.
 * @param boundary - Another rule than the mean, where `explicit` names none.
 * @returns Names, counts, flags and the number of each example's source.
 * @throws {RangeError} If `explicit` names a source that no example has.
 * @example
 * const inputIds = Int32Array.of(1);
 * const examples = ["sums", "sums", "sums", "dates"].map((source) => ({ inputIds, labels: inputIds, source, truncated: 0 }));
 * const sources = await trainingSources(examples);
 * sources.small; // => [false, true]
 */
export async function trainingSources(
  examples: ListOf<Example>,
  explicit?: readonly string[],
  boundary?: BoundaryOptions,
): Promise<TrainingSources> {
  return sourcesOf(await listFacts("trainDataset", examples), explicit, boundary);
}

/** `trainingSources` of a list of which the facts are known. */
export async function sourcesOf(
  { sources }: ListFacts,
  explicit?: readonly string[],
  boundary?: BoundaryOptions,
): Promise<TrainingSources> {
  const named = sources.map((source) => ({ source }));
  const table = await countSources(named);
  const unknown = explicit?.find((name) => !table.names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `train: "smallSources" must name sources of the data (${table.names.join(", ")}), got "${unknown}"`,
    );
  }
  const small = explicit
    ? table.names.map((name) => explicit.includes(name))
    : smallSources(table.counts, boundary);
  return { ...table, small, ids: sourceIndices(named, table) };
}
