import { describe } from "@colm/array";
import { checkInteger } from "./check-options.ts";
import { requireSelection } from "./check-selection.ts";
import { rowWidth } from "./memory-inputs.ts";
import type { MethodName, SelectionSettings } from "./selection-settings.ts";
import type { TrainOptions } from "./train-options.ts";

/** Every method; `satisfies` keeps the list whole. */
const METHODS = {
  colm: true,
  random: true,
  "keep-random": true,
  "facility-location": true,
  herding: true,
  "gram-schmidt-walk": true,
  "grad-match": true,
  craig: true,
  "grad-norm": true,
  "kmeans-centres": true,
  "big-loss": true,
  "small-loss": true,
  "middle-perplexity": true,
  "completion-length": true,
  "least-confidence": true,
} satisfies Record<MethodName, true>;

/** Names of all methods, for messages and command lines. */
export const methodNames: readonly string[] = Object.keys(METHODS);

/** The method and how it chooses; what the selector itself refuses is refused when one is made. */
export function resolveSelection(
  options: Pick<
    TrainOptions,
    "method" | "selection" | "trainDataset" | "clusterSources" | "model" | "smallSources" | "loraRank"
  >,
): { method: MethodName; selection: SelectionSettings } {
  const { selection = {}, trainDataset, clusterSources } = options;
  requireSelection(selection);
  const { method = selection.method ?? "colm" } = options;
  if (!Object.hasOwn(METHODS, method)) {
    const names = methodNames.map((name) => `"${name}"`).join(", ");
    throw new RangeError(`train: "method" must be one of ${names}, got ${describe(method)}`);
  }
  if (selection.method !== undefined && selection.method !== method) {
    throw new RangeError(
      `train: "selection.method" must be "${method}" as "method" is, got ${describe(selection.method)}`,
    );
  }
  const { vectors } = selection;
  if (vectors !== undefined && vectors.shape[0] !== trainDataset.length) {
    throw new RangeError(
      `train: "selection.vectors" must have ${trainDataset.length} rows as "trainDataset" has examples, got ${vectors.shape[0]}`,
    );
  }
  if (clusterSources !== undefined) checkClusters(options);
  const resolved = { ...selection, sketch: resolveSketch(method, selection) };
  const keep = selection.keep ?? defaultKeep(method, resolved, options);
  return { method, selection: { ...resolved, ...(keep !== undefined && { keep }) } };
}

/** As many coordinates as the model is wide, or all where there are fewer: the paper's choice, in official mode alone. */
function defaultKeep(
  method: MethodName,
  { mode = "official", features }: SelectionSettings,
  { model, loraRank }: Pick<TrainOptions, "model" | "loraRank">,
): number | undefined {
  if (method !== "colm" || mode !== "official") return undefined;
  const { hiddenSize } = model.config;
  // a block has always more
  if (features === "last-block") return hiddenSize;
  return Math.min(hiddenSize, rowWidth({ model, selection: {}, loraRank }, "last-value"));
}

const SKETCH = 1024;

function resolveSketch(
  method: MethodName,
  { mode = "official", adam, sketch }: SelectionSettings,
): number | false {
  const inAdamSpace = adam === undefined ? method === "colm" && mode === "official" : adam !== false;
  if (sketch === undefined) return inAdamSpace ? false : SKETCH;
  if (sketch === false) return false;
  if (inAdamSpace) {
    throw new RangeError(
      `train: "selection.sketch" must be false in Adam space, which needs every entry, got ${describe(sketch)}`,
    );
  }
  checkInteger("train", "selection.sketch", sketch, 1);
  return sketch;
}

function checkClusters(options: Pick<TrainOptions, "clusterSources" | "model" | "smallSources">): void {
  const { clusterSources, model, smallSources } = options;
  if (clusterSources === undefined) return;
  if (smallSources !== undefined) {
    throw new RangeError(
      'train: "smallSources" must not be given with "clusterSources", which have no names',
    );
  }
  const { clusters, layer, refreshSteps, model: proxy = model } = clusterSources;
  if (clusters !== "auto") checkInteger("train", "clusterSources.clusters", clusters, 1);
  if (layer !== undefined) {
    checkInteger("train", "clusterSources.layer", layer, 0, proxy.config.numHiddenLayers);
  }
  if (refreshSteps !== undefined) checkInteger("train", "clusterSources.refreshSteps", refreshSteps, 1);
}
