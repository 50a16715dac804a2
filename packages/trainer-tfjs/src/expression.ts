import { describe } from "@colm/array";
import type { MathNode } from "mathjs";

/** Functions that an expression may call. */
const FUNCTIONS: readonly string[] = [
  ..."abs ceil floor round sign sqrt cbrt exp log log2 log10 pow mod min max".split(" "),
  ..."sin cos tan asin acos atan sinh cosh tanh".split(" "),
];
const CONSTANTS: readonly string[] = ["pi", "e", "true", "false"];
const KINDS: readonly string[] = [
  ..."ConstantNode SymbolNode OperatorNode ParenthesisNode ConditionalNode RelationalNode FunctionNode".split(
    " ",
  ),
];

/** A compiled expression: a number from the values of its variables. */
export type Expression = (scope: Readonly<Record<string, number>>) => number;

/**
 * Compiles an arithmetic expression once, to be evaluated with values of its variables.
 *
 * @param name - The option that holds it, for messages.
 * @param text - Numbers, `+ - * / ^`, comparisons, `condition ? a : b`, the functions above, `pi`, `e` and the variables.
 * @param variables - Names that it may use.
 * @returns The compiled expression; it throws a `RangeError` where the value is no finite number.
 * @throws {RangeError} If the text cannot be read, or holds a name, an assignment or anything else that is not listed.
 * @remarks mathjs reads it; nothing of mathjs but arithmetic can be reached. It is loaded on the first call.
 */
export async function compileExpression(
  name: string,
  text: string,
  variables: readonly string[],
): Promise<Expression> {
  const { parse } = await import("mathjs");
  const known = [...variables, ...CONSTANTS];
  const refuse = (what: string, cause?: unknown): never => {
    const message = `train: "${name}" must be an expression in ${variables.join(", ")}, got ${describe(text)}: ${what}`;
    throw new RangeError(message, { cause });
  };
  const node = ((): MathNode => {
    try {
      return parse(text);
    } catch (cause) {
      return refuse(cause instanceof Error ? cause.message : String(cause), cause);
    }
  })();
  node.traverse((part, _path, parent) => {
    if (!KINDS.includes(part.type))
      refuse(`${part.type.replace("Node", "").toLowerCase()} is not arithmetic`);
    if ("value" in part && typeof part.value === "string") refuse("text is not arithmetic");
    if (!("name" in part) || typeof part.name !== "string") return;
    const isFunction = part.type === "FunctionNode" || parent?.type === "FunctionNode";
    const isCalled = part.type === "FunctionNode" || (isFunction && FUNCTIONS.includes(part.name));
    if (isCalled ? !FUNCTIONS.includes(part.name) : !known.includes(part.name)) {
      refuse(`${part.name} is not known`);
    }
  });
  const code = node.compile();
  return (scope) => {
    const value: unknown = code.evaluate({ ...scope });
    if (typeof value === "number" && Number.isFinite(value)) return value;
    const at = Object.entries(scope).map(([key, x]) => `${key} = ${x}`);
    throw new RangeError(
      `train: "${name}" must be a finite number at ${at.join(", ")}, got ${describe(value)}`,
    );
  };
}

/**
 * A quantity in the unit that is wanted: a number as it stands, a text such as `"90 s"` or `"4 GiB"` converted.
 *
 * @param name - The option that holds it, for messages.
 * @param value - A finite number of at least 0, or a number with a unit of the same kind.
 * @param unit - `"minutes"` or `"bytes"`.
 * @throws {TypeError | RangeError} If it is neither.
 */
export async function quantity(name: string, value: unknown, unit: "minutes" | "bytes"): Promise<number> {
  const message = `train: "${name}" must be a number of ${unit} or a text such as ${
    unit === "bytes" ? '"4 GiB"' : '"90 s"'
  }, got ${describe(value)}`;
  if (typeof value !== "number" && typeof value !== "string") throw new TypeError(message);
  let amount = String(value).trim() === "" ? Number.NaN : Number(value);
  if (typeof value === "string" && !(amount >= 0)) {
    const { unit: read } = await import("mathjs");
    try {
      amount = read(value).toNumber(unit === "bytes" ? "B" : unit);
    } catch (cause) {
      throw new RangeError(message, { cause });
    }
  }
  if (!(amount >= 0 && amount < Infinity)) throw new RangeError(message);
  return amount;
}
