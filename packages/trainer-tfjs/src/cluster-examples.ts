import { matrix } from "@colm/array";
import { collate, type Example, type ListOf } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { type BoundaryOptions, clusterSources, smallSources } from "@colm/source-balance";
import { breathe } from "./breathe.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { listFacts, takeExamples } from "./example-list.ts";
import { microBatches } from "./micro-batches.ts";

/** How hidden states are gathered. */
export interface ClusterOptions {
  /** Examples in one forward pass. */
  readonly batchSize: number;
  readonly seed: number;
  /** Asked before each forward pass. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A source for each example by k-means on its mean hidden state, `x_i = mean_t h_it` over its tokens.
 *
 * @param model - Only read; `settings.model` takes its place.
 * @param examples - At least as many as clusters.
 * @returns The number of each example's source, in the order in which sources first appear.
 * @remarks One forward pass over all examples up to the layer, and `examples * hidden` floats.
 */
export async function clusterExamples(
  model: CausalLM,
  examples: ListOf<Example>,
  settings: ClusterSettings,
  { batchSize, seed, signal }: ClusterOptions,
): Promise<Int32Array> {
  const { clusters, model: proxy = model } = settings;
  const { layer = proxy.config.numHiddenLayers } = settings;
  const width = proxy.config.hiddenSize;
  const means = new Float32Array(examples.length * width);
  const sum = new Float64Array(width);
  const { lengths } = await listFacts("trainDataset", examples);
  for (const positions of microBatches(lengths, batchSize)) {
    await breathe(signal);
    const batch = collate(await takeExamples("trainDataset", examples, positions));
    const { data } = await proxy.hiddenStates(batch, layer);
    for (const [row, at] of positions.entries()) {
      sum.fill(0);
      const start = row * batch.shape[1] * width;
      for (let k = 0; k < lengths[at] * width; k++) sum[k % width] += data[start + k];
      for (let j = 0; j < width; j++) means[at * width + j] = sum[j] / Math.max(1, lengths[at]);
    }
  }
  return clusterSources(matrix(means, examples.length, width), { clusters, seed }).labels;
}

/** Examples of each source, and whether it is small. */
export function countLabels(
  labels: Int32Array,
  boundary: BoundaryOptions | undefined,
): { readonly counts: Int32Array; readonly small: boolean[] } {
  const counts = new Int32Array(labels.reduce((most, label) => Math.max(most, label + 1), 0));
  for (const label of labels) counts[label]++;
  return { counts, small: smallSources(counts, boundary) };
}
