import { philox } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { type DropoutKey, fusedKernels } from "../simd/fused.ts";

/**
 * The inputs of LoRA factors that fall out in one pass. Entry `i` at position `t` of example `e`, going into adapter number `s` at step
 * `k`, depends on (seed, k, s, e, t, i) alone: not on the batch, its order or its padding, and not on what is computed again.
 */
export interface Dropout {
  /** Share of the entries that fall out, in (0, 1), to a multiple of 2^-16. */
  readonly probability: number;
  readonly seed: number;
  readonly step: number;
  /** Number of the example of each row. */
  readonly examples: Int32Array;
  /** Position within its example of each row. */
  readonly positions: Int32Array;
}

const WORD = 2 ** 32;
/** Sets these draws apart from all that `normal` and `uniform` draw from the same seed, whose upper word is below 2^21. */
const PURPOSE = 2 ** 31;
/** Entries that one block of Philox decides: 16 bits each. */
const LANES = 8;

/**
 * `x` `[n, width]` with entries fallen out and the others divided by `1 - probability`; also the gradient of that.
 *
 * @remarks Srivastava et al., "Dropout" (2014), in the inverted form of PEFT. The mask is drawn again each time and never kept:
 *   Philox4x32-10 at counter (block, site, example, step), 16 bits an entry.
 */
export function dropEntries(x: tf.Tensor, dropout: Dropout, site: number): tf.Tensor {
  const [, width] = x.shape;
  const kernels = width % 4 === 0 ? fusedKernels() : undefined;
  return tf.tidy(() => {
    if (!kernels) return tf.mul(x, tf.tensor(dropoutMask(dropout, site, width), x.shape));
    return kernels.dropEntries(x, {
      ...keyOf(dropout),
      examples: tf.tensor1d(dropout.examples, "int32"),
      positions: tf.tensor1d(dropout.positions, "int32"),
      site,
      step: dropout.step,
    });
  });
}

function keyOf({ seed, probability }: Dropout): Pick<DropoutKey, "key" | "threshold" | "kept"> {
  const threshold = Math.round(probability * 2 ** 16);
  const high = Math.floor(seed / WORD) + PURPOSE;
  return { key: [seed >>> 0, high], threshold, kept: Math.fround(1 / (1 - threshold / 2 ** 16)) };
}

/** 0 where an entry falls out, `1 / (1 - probability)` elsewhere; row-major `[rows, width]`. */
export function dropoutMask(dropout: Dropout, site: number, width: number): Float32Array {
  const { step, examples, positions } = dropout;
  const { key, threshold, kept } = keyOf(dropout);
  const mask = new Float32Array(examples.length * width);
  const words = new Uint32Array(4);
  const blocks = Math.ceil(width / LANES);
  for (let row = 0; row < examples.length; row++) {
    for (let block = 0; block < blocks; block++) {
      words[0] = positions[row] * blocks + block;
      words[1] = site;
      words[2] = examples[row];
      words[3] = step;
      philox(words, ...key);
      const from = row * width + block * LANES;
      const count = Math.min(LANES, width - block * LANES);
      for (let i = 0; i < count; i++) {
        const bits = (words[i >>> 1] >>> ((i & 1) * 16)) & 0xffff;
        mask[from + i] = bits < threshold ? 0 : kept;
      }
    }
  }
  return mask;
}

/** The dropout of some rows of a pass. */
export function dropoutRows(dropout: Dropout | undefined, rows: Int32Array): Dropout | undefined {
  if (!dropout) return undefined;
  const { examples, positions } = dropout;
  return {
    ...dropout,
    examples: rows.map((row) => examples[row]),
    positions: rows.map((row) => positions[row]),
  };
}
