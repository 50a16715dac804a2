import { type DirectionalGradients, perturbation } from "@colm/spsa";
import type { AdamRule } from "../adam-rule.ts";
import { BLOCK } from "../row-blocks.ts";
import { rowWeights } from "../row-weights.ts";
import { FIXED, ruleConstants } from "./fixed-memory.ts";
import { type BlockKernel, type Kernels, openWorkspace } from "./kernels.ts";

/** Columns that are gathered at a time. */
export const SIDE = 64;
/** Rows that are gathered at a time. */
export const SIDE_ROWS = 128;

/** Directions and moments of some columns, where the kernels read them. */
export interface Columns {
  /** Direction k from `k * stride` on. */
  readonly z: Float32Array;
  readonly stride: number;
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/** The memory of the kernels, laid out for directional gradients. Only one is in use at a time. */
export interface BlockMemory {
  readonly kernels: Kernels;
  /** The current block. */
  readonly block: Columns;
  /** Columns gathered from it. */
  readonly side: Columns;
  /** Draws the directions of the block. */
  load(start: number, length: number): void;
  /** Calls a kernel on `width` columns and some of the rows; returns where its float64 or float32 results begin. */
  run(kernel: BlockKernel, columns: Columns, width: number, rows: ArrayLike<number>): number;
  readonly buffer: ArrayBuffer;
}

/** Lays out the kernels' memory; undefined where they cannot run. */
export function blockMemory(gradients: DirectionalGradients, rule?: AdamRule): BlockMemory | undefined {
  const [n, q] = gradients.coefficients.shape;
  let end = FIXED;
  const place = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const columnsAt = (stride: number) => ({
    stride,
    z: place(4 * q * stride),
    m: place(8 * stride),
    v: place(8 * stride),
  });
  const [blockAt, sideAt] = [columnsAt(BLOCK), columnsAt(SIDE)];
  const weightsAt = place(8 * n * q);
  const rowsAt = place(4 * n);
  const tileAt = place(64 * q);
  const outAt = place(Math.max(16 * BLOCK, 4 * SIDE * SIDE_ROWS));
  const workspace = openWorkspace(end);
  if (workspace === undefined) return undefined;
  const { buffer, kernels } = workspace;
  const columns = ({ stride, z, m, v }: ReturnType<typeof columnsAt>): Columns => ({
    stride,
    z: new Float32Array(buffer, z, q * stride),
    m: new Float64Array(buffer, m, stride),
    v: new Float64Array(buffer, v, stride),
  });
  const block = columns(blockAt);
  if (rule !== undefined) new Float64Array(buffer, 0, 7).set(ruleConstants(rule));
  new Float64Array(buffer, weightsAt, n * q).set(rowWeights(gradients));
  const listed = new Int32Array(buffer, rowsAt, n);
  return {
    kernels,
    buffer,
    block,
    side: columns(sideAt),
    load(start, length) {
      for (let k = 0; k < q; k++) {
        perturbation(gradients, k, start, block.z.subarray(k * BLOCK, k * BLOCK + length));
      }
    },
    run(kernel, { stride, z, m, v }, width, rows) {
      listed.set(rows);
      kernel(
        z.byteOffset,
        4 * stride,
        m.byteOffset,
        v.byteOffset,
        Math.ceil(width / 8) * 8,
        weightsAt,
        q,
        rowsAt,
        rows.length,
        tileAt,
        outAt,
      );
      return outAt;
    },
  };
}
