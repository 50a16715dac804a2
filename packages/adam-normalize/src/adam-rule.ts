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
  const { beta1, beta2, epsilon, firstCorrection, secondCorrection } = rule;
  const first = (beta1 * m + (1 - beta1) * g) * firstCorrection;
  const second = (beta2 * v + (1 - beta2) * g * g) * secondCorrection;
  return Math.fround(first / (Math.sqrt(second) + epsilon));
}

/** `normalizeEntry` of a row, the same bits: `row` holds gradients and then `u`. */
export function normalizeRowInPlace(
  rule: AdamRule,
  m: Float64Array,
  v: Float64Array,
  row: Float64Array,
  length: number,
): void {
  const { beta1, beta2, epsilon, firstCorrection, secondCorrection } = rule;
  const [share1, share2] = [1 - beta1, 1 - beta2];
  for (let j = 0; j < length; j++) {
    const g = row[j];
    const first = (beta1 * m[j] + share1 * g) * firstCorrection;
    const second = (beta2 * v[j] + share2 * g * g) * secondCorrection;
    row[j] = Math.fround(first / (Math.sqrt(second) + epsilon));
  }
}
