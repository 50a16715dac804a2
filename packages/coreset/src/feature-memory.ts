import {
  describe,
  type Matrix,
  matrix,
  requireFloat32,
  requireIndices,
  requireNatural,
  requireOptions,
  requirePositive,
  wrongKind,
  wrongValue,
} from "@colm/array";
import { countSketch } from "./count-sketch.ts";

/** Settings of {@link featureMemory}. */
export interface FeatureMemoryOptions {
  /** Numbers kept of each gradient, at least 1. Default 256. */
  readonly dimension?: number;
  /** Most examples remembered, at least 1; beyond, those that were seen longest ago are forgotten. Default 16,384. */
  readonly capacity?: number;
  /** Integer in [0, 2^53): the projection. */
  readonly seed: number;
}

/** One example in a memory. */
export interface RememberedExample {
  readonly id: number;
  /** The step at which its gradient was seen. */
  readonly step: number;
  /** The sketch of that gradient, `[dimension]`. Read-only. */
  readonly sketch: Float32Array;
}

/** Everything a memory knows: a plain value, which `structuredClone` keeps whole. */
export interface FeatureMemoryState {
  /** Those seen longest ago first. */
  readonly examples: readonly RememberedExample[];
}

/** What a memory knows of some examples. */
export interface Recollection {
  /** Positions, among the ids asked for, of those that it knows, ascending. */
  readonly known: Int32Array;
  /** `[known, dimension]`, their sketches. */
  readonly features: Matrix;
  /** Steps since each of them was seen. */
  readonly ages: Int32Array;
}

/** Functions of a memory; they keep nothing between calls but the drawn projection. */
export interface FeatureMemory {
  /** A memory of nothing. */
  init(): FeatureMemoryState;
  /**
   * The memory after the gradients of some examples were seen.
   *
   * @param memory - Only read; sketches are shared with the result.
   * @param seen - `ids`: distinct natural numbers. `gradients`: `[ids, d]`, within float32, any strides. `step`: when.
   */
  record(
    memory: FeatureMemoryState,
    seen: { ids: ArrayLike<number>; gradients: Matrix; step: number },
  ): FeatureMemoryState;
  /** What it knows of the examples `ids` at `step`; fresh. */
  read(memory: FeatureMemoryState, ids: ArrayLike<number>, step: number): Recollection;
}

/**
 * A bounded memory of gradients: for each example a sketch, `y[h(j)] += s(j) g[j]`, of the gradient that was last seen, so
 * that examples can be compared without a pass of the model.
 *
 * @param options - `seed`, and sizes.
 * @returns The functions of the memory.
 * @throws {TypeError | RangeError} If a setting is out of range; the functions throw for ids that are no distinct
 *   natural numbers, and gradients that are no matrix within float32 with one row for each id, or whose sketches are not.
 * @remarks Sketches keep scalar products in the mean (Charikar, Chen & Farach-Colton 2002). `record` takes O(n d) and
 *   `read` O(n), both O(capacity) besides; the state holds at most `capacity (dimension + 2)` numbers.
 * @example
 * const memory = featureMemory({ dimension: 4, capacity: 2, seed: 1 });
 * const gradients = matrix(Float32Array.of(1, 0, 0, 1, 2, 2), 3, 2);
 * const state = memory.record(memory.init(), { ids: [7, 8, 9], gradients, step: 0 });
 * memory.read(state, [9, 7], 5).known; // => [0]
 * memory.read(state, [9, 7], 5).ages; // => [5]
 */
export function featureMemory(options: FeatureMemoryOptions): FeatureMemory {
  requireOptions("featureMemory", options);
  const { dimension = 256, capacity = 16_384, seed } = options;
  requireNatural("featureMemory", "seed", seed);
  requirePositive("featureMemory", "dimension", dimension, 2 ** 31 - 1);
  requirePositive("featureMemory", "capacity", capacity, 2 ** 31 - 1);
  const sketch = countSketch(dimension, seed);
  return {
    init: () => ({ examples: [] }),
    record(memory, seen) {
      requireMemory("record", memory);
      if (typeof seen !== "object" || seen === null) throw wrongKind("record", "seen", "be an object", seen);
      const { ids, gradients, step } = seen;
      requireIndices("record", "ids", ids, Number.MAX_SAFE_INTEGER);
      requireNatural("record", "step", step);
      requireFloat32("record", "gradients", gradients);
      if (gradients.shape[0] !== ids.length) {
        throw new RangeError(
          `record: "gradients" must have ${ids.length} rows as "ids" has entries, got ${gradients.shape[0]}`,
        );
      }
      const { data } = sketch.rows(gradients);
      // entries within float32 may sum to more
      const lost = data.findIndex((x) => x - x !== 0);
      if (lost >= 0) {
        throw wrongValue(
          "record",
          "gradients",
          "have sketches within float32",
          data[lost],
          Math.floor(lost / dimension),
        );
      }
      const replaced = new Set(Array.from(ids));
      const added = Array.from(ids, (id, row) => ({
        id,
        step,
        sketch: Float32Array.from(data.subarray(row * dimension, (row + 1) * dimension)),
      }));
      const others = memory.examples.filter(({ id }) => !replaced.has(id));
      return { examples: [...others, ...added].slice(-capacity) };
    },
    read(memory, ids, step) {
      requireMemory("read", memory);
      requireIndices("read", "ids", ids, Number.MAX_SAFE_INTEGER);
      requireNatural("read", "step", step);
      const byId = new Map(memory.examples.map((example) => [example.id, example]));
      const found = Array.from(ids).flatMap((id, at) => {
        const example = byId.get(id);
        return example === undefined ? [] : [{ at, example }];
      });
      const features = new Float32Array(found.length * dimension);
      for (const [row, { example }] of found.entries()) {
        if (example.sketch.length !== dimension) {
          throw new RangeError(
            `read: "memory" must hold sketches of ${dimension} numbers, got ${example.sketch.length}`,
          );
        }
        features.set(example.sketch, row * dimension);
      }
      return {
        known: Int32Array.from(found, ({ at }) => at),
        features: matrix(features, found.length, dimension),
        ages: Int32Array.from(found, ({ example }) => Math.max(0, step - example.step)),
      };
    },
  };
}

function requireMemory(caller: string, memory: FeatureMemoryState): void {
  if (!Array.isArray(memory?.examples)) {
    throw new TypeError(`${caller}: "memory" must be what init or record returned, got ${describe(memory)}`);
  }
  for (const [at, example] of memory.examples.entries()) {
    if (!(Object(example).sketch instanceof Float32Array)) {
      throw wrongKind(caller, "memory", "hold what record remembered", example, at);
    }
    requireNatural(caller, `memory.examples[${at}].id`, example.id);
    requireNatural(caller, `memory.examples[${at}].step`, example.step);
  }
}
