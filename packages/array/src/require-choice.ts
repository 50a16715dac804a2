import { describe } from "./describe.ts";
import { wrongKind, wrongValue } from "./wrong-argument.ts";

/**
 * Requires one of several names.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @param choices - The names, at least two.
 * @throws {RangeError} If `value` is none of them.
 * @example
 * requireChoice("f", "ties", "low", ["low", "high"]);
 */
export function requireChoice<T extends string>(
  caller: string,
  name: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  if (choices.some((choice) => choice === value)) return;
  const names = choices.map(describe);
  const last = names.pop();
  throw wrongValue(caller, name, `be ${names.join(", ")} or ${last}`, describe(value));
}

/**
 * Requires a function.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param value - The argument.
 * @throws {TypeError} If `value` is no function.
 * @example
 * requireFunction("f", "kernel", Math.max);
 */
export function requireFunction(caller: string, name: string, value: unknown): void {
  if (typeof value !== "function") throw wrongKind(caller, name, "be a function", value);
}
