import { inputError } from "../input-error.ts";

/** Rows of features and, where they were asked for, their labels; not yet checked. */
export interface FeatureLines {
  readonly rows: readonly unknown[];
  readonly labels: readonly unknown[] | undefined;
  /** The line of each, from 1: blank ones are no rows. */
  readonly lines: readonly number[];
}

/**
 * Reads JSON Lines such as `{"features": [0.5, 1], "source": "sums"}`.
 *
 * @param name - How errors call the file.
 * @param field - The field of the features; `labelField` that of the sources, where there is one.
 * @throws {Error} At a line that is no object or lacks a field. One line, for the user.
 */
export function readLinesOfFeatures(
  name: string,
  bytes: Uint8Array,
  field: string,
  labelField: string | undefined,
): FeatureLines {
  const rows: unknown[] = [];
  const labels: unknown[] = [];
  const lines: number[] = [];
  for (const [i, line] of textOf(name, bytes).split("\n").entries()) {
    if (line.trim() === "") continue;
    const entry = objectOf(`"${name}":${i + 1}`, line);
    lines.push(i + 1);
    rows.push(fieldOf(`"${name}":${i + 1}`, entry, field));
    if (labelField !== undefined) labels.push(fieldOf(`"${name}":${i + 1}`, entry, labelField));
  }
  return { rows, labels: labelField === undefined ? undefined : labels, lines };
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw inputError(`"${name}" must be UTF-8, got other bytes`);
  }
}

function objectOf(place: string, line: string): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw inputError(`${place} must be a JSON object, got ${JSON.stringify(line.slice(0, 40))}`);
}

function fieldOf(place: string, entry: object, field: string): unknown {
  const value = new Map(Object.entries(entry)).get(field);
  if (value !== undefined) return value;
  throw inputError(`${place} must have "${field}", got ${Object.keys(entry).join(", ") || "no field"}`);
}
