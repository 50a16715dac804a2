import type { NamedArray } from "./named-array.ts";

/**
 * Requires exactly the weights that a model has, each in its shape.
 *
 * @param caller - Name of the public function that checks.
 * @param place - How errors call the checkpoint.
 * @param shapes - What is there.
 * @param expected - What the configuration asks for.
 * @throws {RangeError} With one line for each weight that is missing, unexpected or of another shape, at most 20 of them.
 */
export function requireWeights(
  caller: string,
  place: string,
  shapes: ReadonlyMap<string, readonly number[]>,
  expected: ReadonlyMap<string, readonly number[]>,
): void {
  const lines: string[] = [];
  for (const [name, wanted] of expected) {
    const got = shapes.get(name);
    if (got === undefined) lines.push(`"${name}" is missing`);
    else if (String(got) !== String(wanted)) {
      lines.push(`"${name}" must have shape [${wanted.join(", ")}], got [${got.join(", ")}]`);
    }
  }
  for (const name of shapes.keys()) if (!expected.has(name)) lines.push(`"${name}" is unexpected`);
  if (lines.length === 0) return;
  const shown = lines.slice(0, 20);
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more`);
  throw new RangeError(
    [`${caller}: the weights of "${place}" must be those of its config.json, got`, ...shown].join("\n  "),
  );
}

/** Requires finite entries. */
export function requireFiniteWeight(caller: string, name: string, { data }: NamedArray): void {
  for (let i = 0; i < data.length; i++) {
    if (data[i] - data[i] !== 0) {
      throw new RangeError(`${caller}: "${name}" must be finite, got ${data[i]} at entry ${i}`);
    }
  }
}
