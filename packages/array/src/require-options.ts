import { requireFunction } from "./require-choice.ts";
import { wrongKind } from "./wrong-argument.ts";

/**
 * Requires an object of options, and that its `signal` and `onProgress`, where given, can be used as such.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param options - The argument.
 * @throws {TypeError} If `options` is no object, `signal` no `AbortSignal`, or `onProgress` no function.
 * @example
 * requireOptions("f", { signal: new AbortController().signal });
 */
export function requireOptions(caller: string, options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw wrongKind(caller, "options", "be an object", options);
  }
  if ("signal" in options && options.signal !== undefined) {
    if (typeof Object(options.signal).throwIfAborted !== "function") {
      throw wrongKind(caller, "signal", "be an AbortSignal", options.signal);
    }
  }
  if ("onProgress" in options && options.onProgress !== undefined) {
    requireFunction(caller, "onProgress", options.onProgress);
  }
}
