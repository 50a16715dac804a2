import { describe } from "@colm/array";
import { check } from "./check-options.ts";

/** Parameters that an optimizer treats in a way of their own. */
export interface ParameterGroup {
  /** A regular expression that the group's parameter names match, such as `"lora_B"` or `"embed_tokens"`. */
  readonly match: string;
  /** Weight decay of the group, at least 0. Default: what it would be without the group. */
  readonly weightDecay?: number | undefined;
  /** The group's learning rate as a multiple of that of all others, at least 0. Default: what it would be without the group, 1. */
  readonly learningRateFactor?: number | undefined;
}

/** Weight decay and learning rate of one parameter. */
export interface ParameterRule {
  readonly weightDecay: number;
  readonly learningRateFactor: number;
}

/**
 * Names of norm weights and biases, which Hugging Face's trainer does not decay.
 */
export const UNDECAYED: ParameterGroup = {
  match: "(^|[._])(ln_?\\w*|\\w*norm\\w*)\\.(weight|bias)$|\\.bias$",
  weightDecay: 0,
};

/**
 * The rule of each parameter: of decay and rate each is decided by the first group that matches its name and gives it, so that a group with a
 * rate alone leaves the decay of its norms and biases as it was.
 */
export function parameterRules(
  caller: string,
  weightDecay: number,
  groups: readonly ParameterGroup[],
): (name: string) => ParameterRule {
  requireDecay(caller, "weightDecay", weightDecay);
  const compiled = groups.map((group, i) => {
    const { match, weightDecay: own, learningRateFactor: factor } = group;
    if (own !== undefined) requireDecay(caller, `groups[${i}].weightDecay`, own);
    if (factor !== undefined) requireDecay(caller, `groups[${i}].learningRateFactor`, factor);
    return { expression: compile(caller, i, match), own, factor };
  });
  return (name) => {
    const groups = compiled.filter(({ expression }) => expression.test(name));
    return {
      weightDecay: groups.find(({ own }) => own !== undefined)?.own ?? weightDecay,
      learningRateFactor: groups.find(({ factor }) => factor !== undefined)?.factor ?? 1,
    };
  };
}

function requireDecay(caller: string, name: string, value: unknown): void {
  const holds = typeof value === "number" && value >= 0 && value < Infinity;
  check(caller, name, value, holds, "a finite number of at least 0");
}

function compile(caller: string, i: number, match: unknown): RegExp {
  const message = `${caller}: "groups[${i}].match" must be a regular expression, got ${describe(match)}`;
  if (typeof match !== "string") throw new TypeError(message);
  try {
    return new RegExp(match, "u");
  } catch (cause) {
    throw new RangeError(message, { cause });
  }
}
