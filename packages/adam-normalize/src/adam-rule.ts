import type { AdamSettings } from "./adam-settings.ts";

/** Adam's constants and the bias corrections of one step, `1 / (1 - beta^t)`. */
export interface AdamRule extends AdamSettings {
  readonly firstCorrection: number;
  readonly secondCorrection: number;
}

/** The rule at step `t = stepsTaken + 1`. */
export function adamRule(settings: AdamSettings, stepsTaken: number): AdamRule {
  const { beta1, beta2, epsilon } = settings;
  const t = stepsTaken + 1;
  return {
    beta1,
    beta2,
    epsilon,
    firstCorrection: 1 / (1 - beta1 ** t),
    secondCorrection: 1 / (1 - beta2 ** t),
  };
}

/** `u` of one entry: moments m and v of the history, gradient g of the example. Rounded to float32, as it is stored. */
export function normalizeEntry(rule: AdamRule, m: number, v: number, g: number): number {
  const first = (rule.beta1 * m + (1 - rule.beta1) * g) * rule.firstCorrection;
  const second = (rule.beta2 * v + (1 - rule.beta2) * g * g) * rule.secondCorrection;
  return Math.fround(first / (Math.sqrt(second) + rule.epsilon));
}
