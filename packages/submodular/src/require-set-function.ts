import { wrongKind } from "@colm/array";

/** Requires a set function. */
export function requireSetFunction(caller: string, name: string, f: unknown): void {
  if (typeof f !== "object" || f === null || !("start" in f && "size" in f)) {
    throw wrongKind(caller, name, "be a set function", f);
  }
}
