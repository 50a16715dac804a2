import { inputError } from "../input-error.ts";

/** The sources of a pool: names, and the number of one for each example. */
export interface Sources {
  /** Distinct, sorted: numbers by value, texts by their characters. */
  readonly names: readonly string[];
  /** Entry i: where the name of example i's source stands in `names`. */
  readonly ids: Int32Array;
}

/**
 * Sources from the labels of examples.
 *
 * @param what - How errors call the list.
 * @param labels - Texts alone, or natural numbers alone.
 * @param size - How many there must be.
 * @param lines - The line of each; without them they are counted from 0.
 * @throws {Error} If it is no such list, or of another length. One line, for the user.
 */
export function sourcesOf(what: string, labels: unknown, size: number, lines?: readonly number[]): Sources {
  const condition = "must be an array of natural numbers or of texts";
  if (!Array.isArray(labels)) throw inputError(`${what} ${condition}, got ${shown(labels)}`);
  if (labels.length !== size) {
    throw inputError(`${what} must have ${size} entries as the features have rows, got ${labels.length}`);
  }
  const wrong = labels.findIndex((label) => !isLabel(label) || typeof label !== typeof labels[0]);
  if (wrong >= 0) {
    const place = lines === undefined ? `${wrong}` : `line ${lines[wrong]}`;
    throw inputError(`${what} ${condition}, got ${shown(labels[wrong])} at ${place}`);
  }
  const distinct: (number | string)[] = [...new Set(labels)];
  const names = distinct.sort((a, b) => (a < b ? -1 : 1)).map(String);
  const places = new Map(names.map((name, place) => [name, place]));
  return { names, ids: Int32Array.from(labels, (label) => places.get(String(label)) ?? 0) };
}

function isLabel(value: unknown): boolean {
  return typeof value === "string" || (Number.isSafeInteger(value) && Number(value) >= 0);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}
