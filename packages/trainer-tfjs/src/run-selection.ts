import { type Matrix, matrix } from "@colm/array";
import { type Selector, staticFeatures } from "@colm/coreset";
import { takeExamples } from "./example-list.ts";
import { makeSelector } from "./make-selector.ts";
import { gradientKind, type SignalOptions } from "./pool-signals.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

/** What chooses the examples of a run, as long as its sources stay the same. */
export interface RunSelection {
  readonly selector: Selector;
  /** The source of each training example, by number. */
  readonly sources: Int32Array;
  /** Static features of each training example, where the selector reads them. */
  readonly vectors: Matrix | undefined;
  /** Which gradients the selector means, where it needs some. */
  readonly gradients: SignalOptions["gradients"];
}

/** The selection of a run whose sources are `sources`, of which `small` are small. */
export async function runSelection(
  options: ResolvedOptions,
  sources: Int32Array,
  small: readonly boolean[],
  before?: RunSelection,
): Promise<RunSelection> {
  const selector = makeSelector(options, small);
  const { features, remember } = options.selection;
  return {
    selector,
    sources,
    vectors: selector.needs.features ? (before?.vectors ?? (await vectorsOf(options))) : undefined,
    gradients: gradientKind(features, remember),
  };
}

async function vectorsOf({ trainDataset, selection, seed }: ResolvedOptions): Promise<Matrix> {
  const { vectors, static: settings = {} } = selection;
  if (vectors !== undefined) return vectors;
  const { dimension = 256, part = "both" } = settings;
  const examples = await takeExamples("trainDataset", trainDataset, range(trainDataset.length));
  const labels = examples.map((example) => example.labels);
  return staticFeatures(
    examples.map(({ inputIds }) => inputIds),
    { dimension, seed, part, labels },
  );
}

/** `0 … size - 1`. */
export function range(size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => i);
}

/** The rows `places` of a matrix of any strides, row-major and fresh. */
export function takeRows({ data, shape, stride, offset }: Matrix, places: Int32Array): Matrix {
  const width = shape[1];
  const out = new Float32Array(places.length * width);
  for (let r = 0, to = 0; r < places.length; r++) {
    for (let j = 0, from = offset + places[r] * stride[0]; j < width; j++, from += stride[1]) {
      out[to++] = data[from];
    }
  }
  return matrix(out, places.length, width);
}

/**
 * The pool for a selector that knows examples by name: each example once, except where fewer than `budget` would be left;
 * then those that come again stand under a name of their own.
 *
 * @param pool - Places in the training set; one that spans two passes over the data may hold a place twice.
 * @param examples - Number of training examples.
 */
export function namedPool(
  pool: Int32Array,
  budget: number,
  examples: number,
): { readonly pool: Int32Array; readonly ids: Int32Array } {
  const seen = new Set<number>();
  const again: number[] = [];
  for (const place of pool) {
    if (seen.has(place)) again.push(place);
    else seen.add(place);
  }
  const extra = again.slice(0, Math.max(0, budget - seen.size));
  const first = Int32Array.from(seen);
  return {
    pool: Int32Array.of(...first, ...extra),
    ids: Int32Array.of(...first, ...extra.map((place) => place + examples)),
  };
}
