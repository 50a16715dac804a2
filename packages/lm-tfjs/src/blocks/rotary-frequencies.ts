import type { RopeParameters } from "../checkpoint/rope.ts";

/**
 * Radians per position of each pair of entries of a head, `theta^(-2i / size)`, stretched as the checkpoint says.
 *
 * @param size - Entries of a head, even.
 * @param rope - Base and scaling. `llama3` divides low frequencies by `factor`, keeps high ones, and blends between.
 * @returns `size / 2` frequencies.
 * @remarks Su et al., "RoFormer" (2021), sec. 3.4.2; the scaling of Llama 3.1 as transformers computes it.
 */
export function rotaryFrequencies(size: number, rope: RopeParameters): Float64Array {
  const plain = Float64Array.from({ length: size / 2 }, (_, i) => rope.theta ** ((-2 * i) / size));
  if (rope.type === "default") return plain;
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = rope;
  return plain.map((frequency) => {
    const turns = (originalMaxPositionEmbeddings * frequency) / (2 * Math.PI);
    const kept = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    const blend = Math.min(1, Math.max(0, kept));
    return (1 - blend) * (frequency / factor) + blend * frequency;
  });
}
