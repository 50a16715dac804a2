import { type Matrix, matrix } from "@colm/array";
import type { Batch } from "@colm/data";
import {
  type CausalLM,
  lastBlockGradients,
  lastValueGradients,
  lastValueSpsa,
  type ModelWorkers,
  type PoolInputs,
  type SketchOptions,
} from "@colm/lm-tfjs";
import type { DirectionalGradients } from "@colm/spsa";

/** Per-example gradients, gathered from micro-batches into the order of a pool. */
export interface GradientRows<Result> {
  /** Computes the rows `positions` from the pass over those examples. */
  add(inputs: PoolInputs, positions: readonly number[]): Promise<void>;
  /** The same for all micro-batches at once, each by a worker; their rows are the entries of `positions`. */
  addAll(
    workers: ModelWorkers,
    batches: readonly Batch[],
    positions: readonly (readonly number[])[],
    signal: AbortSignal | undefined,
  ): Promise<void>;
  /** All rows, when each position was added. */
  result(): Result;
}

/** The zeroth-order estimates of a pool of `size` examples. */
export interface DirectionSettings {
  readonly epsilon?: number | undefined;
  readonly directions?: number | undefined;
  readonly fresh?: boolean | undefined;
  readonly seed: number;
  readonly step: number;
}

/** Coefficients `[size, directions]`; all micro-batches use the same directions. */
export function zerothOrderRows(
  model: CausalLM,
  size: number,
  settings: DirectionSettings,
): GradientRows<DirectionalGradients> {
  const { epsilon = 1e-3, directions = 1, fresh = false, seed, step } = settings;
  const coefficients = new Float32Array(size * directions);
  let dimension = 0;
  const spsa = { epsilon, directions, fresh, seed, step };
  const place = (part: DirectionalGradients, positions: readonly number[]): void => {
    dimension = part.dimension;
    for (const [row, at] of positions.entries()) {
      for (let k = 0; k < directions; k++) {
        coefficients[at * directions + k] = part.coefficients.get(row, k);
      }
    }
  };
  return {
    async add(inputs, positions) {
      place(await lastValueSpsa(model, inputs, spsa), positions);
    },
    async addAll(workers, batches, positions, signal) {
      const parts = await workers.lastValueSpsa(batches, { ...spsa, ...(signal && { signal }) });
      for (const [k, part] of parts.entries()) place(part, positions[k]);
    },
    result: () => ({
      coefficients: matrix(coefficients, size, directions),
      dimension,
      seed,
      step,
      fresh,
    }),
  };
}

/** Exact gradients `[size, d]` by the last V projection, or by the whole last block, the latter sketched where that is asked for. */
export function exactRows(
  model: CausalLM,
  size: number,
  kind: "last-value" | "last-block",
  sketch?: SketchOptions,
): GradientRows<Matrix> {
  let rows: Float32Array | undefined;
  let width = 0;
  const place = (part: Matrix, positions: readonly number[]): void => {
    width = part.shape[1];
    rows ??= new Float32Array(size * width);
    for (const [row, at] of positions.entries()) {
      rows.set(part.data.subarray(row * width, (row + 1) * width), at * width);
    }
  };
  return {
    async add(inputs, positions) {
      const part = await (kind === "last-value"
        ? lastValueGradients(model, inputs)
        : lastBlockGradients(model, inputs, { ...(sketch && { sketch }) }));
      place(part, positions);
    },
    async addAll(workers, batches, positions, signal) {
      const options = { ...(signal && { signal }) };
      const parts = await (kind === "last-value"
        ? workers.lastValueGradients(batches, options)
        : workers.lastBlockGradients(batches, { ...options, ...(sketch && { sketch }) }));
      for (const [k, part] of parts.entries()) place(part, positions[k]);
    },
    result: () => matrix(rows ?? new Float32Array(0), size, width),
  };
}
