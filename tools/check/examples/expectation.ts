import { inspect } from "node:util";
import { type Literal, parseLiteral } from "./literal.ts";
import { matches } from "./matches.ts";

/** What a line ending in `// => expected` does: throws when `actual` is another value. */
export function expectValue(actual: unknown, expected: string): void {
  if (actual instanceof Promise) throw new Error(`=> ${expected}: the value is a promise; await it`);
  if (typeof actual === "string" && actual === expected) return;
  if (!matches(actual, read(expected))) {
    throw new Error(
      `=> ${expected}, but it is ${inspect(actual, { depth: 6, breakLength: Number.POSITIVE_INFINITY })}`,
    );
  }
}

/** What a line ending in `// throws Kind: message` does; kind and message are compared as far as they are given. */
export async function expectThrow(work: () => unknown, expected: string): Promise<void> {
  let thrown: unknown;
  try {
    await work();
  } catch (error) {
    thrown = error;
  }
  if (thrown === undefined) throw new Error(`throws ${expected}, but nothing was thrown`);
  const shown = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  if (shown !== expected && !(thrown instanceof Error && thrown.name === expected)) {
    throw new Error(`throws ${expected}, but it throws ${shown}`);
  }
}

function read(expected: string): Literal {
  try {
    return parseLiteral(expected);
  } catch (error) {
    throw new Error(`=> ${expected}: cannot be read (${error instanceof Error ? error.message : error})`);
  }
}
