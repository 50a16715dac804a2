import type { RopeParameters } from "../checkpoint/rope.ts";

/**
 * Radians per position of each pair of rotated entries of a head, `theta^(-2i / size)`, stretched as the checkpoint says.
 *
 * @param size - Entries of a head that are rotated, even.
 * @param rope - Base and scaling. `linear` divides every frequency by `factor`; `llama3` divides low ones, keeps high ones, and blends
 *   between; `dynamic` keeps all of them for sequences within the model's positions, and longer ones are refused.
 * @returns `size / 2` frequencies.
 * @remarks Su et al., "RoFormer" (2021), sec. 3.4.2; the scaling of Llama 3.1 as transformers computes it.
 */
export function rotaryFrequencies(size: number, rope: RopeParameters): Float64Array {
  const plain = Float64Array.from({ length: size / 2 }, (_, i) => rope.theta ** ((-2 * i) / size));
  if (rope.type === "default" || rope.type === "dynamic") return plain;
  if (rope.type === "linear") return plain.map((frequency) => frequency / rope.factor);
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = rope;
  return plain.map((frequency) => {
    const turns = (originalMaxPositionEmbeddings * frequency) / (2 * Math.PI);
    const kept = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    const blend = Math.min(1, Math.max(0, kept));
    return (1 - blend) * (frequency / factor) + blend * frequency;
  });
}
