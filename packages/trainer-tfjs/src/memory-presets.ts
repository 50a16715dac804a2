import { describe } from "@colm/array";
import { check } from "./check-options.ts";

/** Bytes of one parameter in each place that it has. */
export interface BytesPerParameter {
  /** The weights that the passes read. */
  readonly weights: number;
  /** A copy in higher precision that the optimizer changes; 0 where it changes the weights themselves. */
  readonly master: number;
  readonly gradients: number;
  /** Both moments of Adam together. */
  readonly moments: number;
}

/**
 * Assumptions that bytes are counted under. `"mixed-16B"`: bfloat16 weights and gradients, float32 master and moments, 16 bytes a
 * parameter. `"bf16-pure"`: bfloat16 everything, 8 bytes. `"f32"`: float32 everything, 16 bytes; what this library does. `"lora"`:
 * a frozen base of 2 bytes a parameter, an adapter of 16.
 */
export type MemoryPreset = "mixed-16B" | "bf16-pure" | "f32" | "lora";

/** Bytes of a parameter that is trained, and of one that is frozen. */
export const memoryPresets: Readonly<
  Record<MemoryPreset, { readonly trained: BytesPerParameter; readonly frozen: number }>
> = {
  "mixed-16B": { trained: { weights: 2, master: 4, gradients: 2, moments: 8 }, frozen: 2 },
  "bf16-pure": { trained: { weights: 2, master: 0, gradients: 2, moments: 4 }, frozen: 2 },
  f32: { trained: { weights: 4, master: 0, gradients: 4, moments: 8 }, frozen: 4 },
  lora: { trained: { weights: 2, master: 4, gradients: 2, moments: 8 }, frozen: 2 },
};

/** Bytes of a model's parameters and what training keeps for them. */
export interface ParameterMemory {
  /** Frozen ones, and the working weights of trained ones. */
  readonly weights: number;
  readonly gradients: number;
  /** Master copy and moments. */
  readonly optimizer: number;
  readonly total: number;
}

/**
 * Bytes that parameters take under a preset, activations apart: `frozen b_f + trained (b_w + b_master + b_g + b_moments)`.
 *
 * @param options - `frozen` and `trained`: numbers of parameters, at least 0; `preset`: the assumptions.
 * @returns Bytes by place.
 * @throws {RangeError} If a number is negative or the preset unknown.
 * @remarks Worked example: 2.7 billion parameters, all trained, are 43.2 GB in mixed precision (16 bytes each) and 21.6 GB in pure
 * bfloat16 (8 bytes each). A claim of "22 GB" and one of "44 GB" for the same model differ in nothing but the preset.
 * @example
 * presetMemory({ trained: 2.7e9, frozen: 0, preset: "mixed-16B" }).total; // => 43200000000
 * presetMemory({ trained: 2.7e9, frozen: 0, preset: "bf16-pure" }).total; // => 21600000000
 */
export function presetMemory(options: {
  readonly trained: number;
  readonly frozen: number;
  readonly preset: MemoryPreset;
}): ParameterMemory {
  const { trained, frozen, preset } = options;
  for (const [name, value] of Object.entries({ trained, frozen })) {
    check("presetMemory", name, value, value >= 0 && value < Infinity, "a finite number of at least 0");
  }
  if (!Object.hasOwn(memoryPresets, preset)) {
    const names = Object.keys(memoryPresets)
      .map((name) => `"${name}"`)
      .join(", ");
    throw new RangeError(`presetMemory: "preset" must be one of ${names}, got ${describe(preset)}`);
  }
  const bytes = memoryPresets[preset];
  const weights = frozen * bytes.frozen + trained * bytes.trained.weights;
  const gradients = trained * bytes.trained.gradients;
  const optimizer = trained * (bytes.trained.master + bytes.trained.moments);
  return { weights, gradients, optimizer, total: weights + gradients + optimizer };
}
