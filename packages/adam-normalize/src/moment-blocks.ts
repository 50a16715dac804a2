import { perturbation } from "@colm/spsa";
import type { AdamState } from "./adam-state.ts";
import { BLOCK } from "./row-blocks.ts";

/** The current block of a state's two moments. */
export interface MomentBlocks {
  readonly m: Float64Array;
  readonly v: Float64Array;
  /** Makes entries `start .. start + length - 1` the current block. */
  load(start: number, length: number): void;
}

/** The moments of a state block by block; where the state holds factors of a direction, the block is drawn. */
export function momentBlocks(state: AdamState): MomentBlocks {
  const m = new Float64Array(BLOCK);
  const v = new Float64Array(BLOCK);
  if (state.kind === "dense") {
    return {
      m,
      v,
      load(start, length) {
        m.set(state.m.subarray(start, start + length));
        v.set(state.v.subarray(start, start + length));
      },
    };
  }
  const { direction } = state;
  if (direction === null) return { m, v, load() {} };
  const z = new Float32Array(BLOCK);
  return {
    m,
    v,
    load(start, length) {
      perturbation(direction, 0, start, z.subarray(0, length));
      for (let j = 0; j < length; j++) {
        m[j] = state.m * z[j];
        v[j] = state.v * z[j] * z[j];
      }
    },
  };
}
