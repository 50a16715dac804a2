import { describe } from "@colm/array";

/** Adam's constants. */
export interface AdamSettings {
  /** Decay of the first moment, in `[0, 1)`. */
  readonly beta1: number;
  /** Decay of the second moment, in `[0, 1)`. */
  readonly beta2: number;
  /** What keeps the quotient finite, above 0. */
  readonly epsilon: number;
}

/** Requires constants in their ranges. */
export function requireSettings(caller: string, settings: AdamSettings): void {
  const { beta1, beta2, epsilon } = settings;
  for (const [name, value] of Object.entries({ beta1, beta2, epsilon })) {
    if (typeof value !== "number") {
      throw new TypeError(`${caller}: "${name}" must be a number, got ${describe(value)}`);
    }
  }
  for (const [name, value] of Object.entries({ beta1, beta2 })) {
    if (!(value >= 0 && value < 1)) {
      throw new RangeError(`${caller}: "${name}" must be in [0, 1), got ${value}`);
    }
  }
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${caller}: "epsilon" must be finite and above 0, got ${epsilon}`);
  }
}

/** Requires a normaliser: without one there is no telling which constants apply. */
export function requireNormalizer(caller: string, normalizer: AdamSettings): void {
  if (typeof normalizer !== "object" || normalizer === null) {
    throw new TypeError(
      `${caller}: "normalizer" must be what adamNormalize returns, got ${describe(normalizer)}`,
    );
  }
  requireSettings(caller, normalizer);
}
