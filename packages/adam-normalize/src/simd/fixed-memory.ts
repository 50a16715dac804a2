import type { AdamRule } from "../adam-rule.ts";

/** What the kernels keep at fixed addresses, the constants of the rule first, ends here. */
export const FIXED: number = 320;

/** The rule as `assembly/adam.ts` wants it at address 0. */
export function ruleConstants(rule: AdamRule): number[] {
  const { beta1, beta2, epsilon, firstCorrection, secondCorrection } = rule;
  return [beta1, 1 - beta1, firstCorrection, beta2, 1 - beta2, secondCorrection, epsilon];
}
