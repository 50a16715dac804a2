import { perturbation } from "@colm/spsa";
import type { AdamState } from "./adam-state.ts";
import { BLOCK } from "./row-blocks.ts";

/**
 * Reads the moments of a state block by block: the function writes entries `start .. start + length - 1` to the front of `m` and
 * `v`. Where the state holds factors of a direction, the block is drawn.
 */
export function momentBlocks(
  state: AdamState,
  m: Float64Array,
  v: Float64Array,
): (start: number, length: number) => void {
  if (state.kind === "dense") {
    return (start, length) => {
      m.set(state.m.subarray(start, start + length));
      v.set(state.v.subarray(start, start + length));
    };
  }
  const { direction } = state;
  m.fill(0);
  v.fill(0);
  if (direction === null) return () => {};
  const z = new Float32Array(BLOCK);
  return (start, length) => {
    perturbation(direction, 0, start, z.subarray(0, length));
    for (let j = 0; j < length; j++) {
      m[j] = state.m * z[j];
      v[j] = state.v * z[j] * z[j];
    }
  };
}
