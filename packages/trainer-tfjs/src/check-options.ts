import { describe } from "@colm/array";

/** Throws the boundary's error unless `value` is a number for which `holds` is true. */
export function check(caller: string, name: string, value: unknown, holds: boolean, condition: string): void {
  if (typeof value === "number" && holds) return;
  const message = `${caller}: "${name}" must be ${condition}, got ${describe(value)}`;
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

/** Throws unless `value` is an integer in `[least, most]`. */
export function checkInteger(
  caller: string,
  name: string,
  value: unknown,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  const holds = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `in [${least}, ${most}]`;
  check(caller, name, value, holds, `an integer ${range}`);
}

/** Throws unless `arrays` carries exactly the names of `lengths`, each with the given length. */
export function requireSameNames(
  caller: string,
  name: string,
  lengths: ReadonlyMap<string, number>,
  arrays: ReadonlyMap<string, Float32Array>,
): void {
  for (const [key, length] of lengths) {
    const values = arrays.get(key);
    if (values === undefined) {
      throw new RangeError(
        `${caller}: "${name}" must have an array for each parameter, got none for "${key}"`,
      );
    }
    if (values.length !== length) {
      throw new RangeError(
        `${caller}: "${name}" must have ${length} entries for "${key}", got ${values.length}`,
      );
    }
  }
  for (const key of arrays.keys()) {
    if (!lengths.has(key)) {
      throw new RangeError(`${caller}: "${name}" must name parameters only, got "${key}"`);
    }
  }
}
