import { describe } from "./describe.ts";

/**
 * The error for an argument of the wrong value, `caller: "name" must MUST, got GOT at AT`.
 *
 * @param caller - Name of the public function that refuses its argument.
 * @param name - Name of the argument.
 * @param must - What it must be, as in `be finite`.
 * @param got - The value, shown as it is.
 * @param at - Where it stands in the argument, if it is one of several.
 * @returns The error, to be thrown.
 * @example
 * wrongValue("f", "count", "be even", 3).message; // => 'f: "count" must be even, got 3'
 */
export function wrongValue(
  caller: string,
  name: string,
  must: string,
  got: unknown,
  at?: number | string,
): RangeError {
  return new RangeError(refusal(caller, name, must, got, at));
}

/**
 * The error for an argument of the wrong kind, `caller: "name" must MUST, got KIND at AT`.
 *
 * @param caller - Name of the public function that refuses its argument.
 * @param name - Name of the argument.
 * @param must - What it must be, as in `be a function`.
 * @param value - The value, shown by `describe`.
 * @param at - Where it stands in the argument, if it is one of several.
 * @returns The error, to be thrown.
 * @example
 * wrongKind("f", "count", "be a number", [1]).message; // => 'f: "count" must be a number, got an array of 1'
 */
export function wrongKind(
  caller: string,
  name: string,
  must: string,
  value: unknown,
  at?: number | string,
): TypeError {
  return new TypeError(refusal(caller, name, must, describe(value), at));
}

function refusal(caller: string, name: string, must: string, got: unknown, at?: number | string): string {
  return `${caller}: "${name}" must ${must}, got ${got}${at === undefined ? "" : ` at ${at}`}`;
}
