import { isFactor } from "./block-names.ts";
import { adapterMaps, isTrainedIn } from "./memory-inputs.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

/** What a parameter belongs to. A head that shares the embedding's matrix counts there. */
export type LayerType = "embedding" | "attention" | "feed-forward" | "norm" | "head";

/** Bytes of all parameters of one type of layer, and of what training keeps for them. */
export interface LayerMemory {
  readonly layer: LayerType;
  readonly weights: number;
  readonly adapter: number;
  readonly gradients: number;
  /** Parameters and moments, twice during an update. */
  readonly optimizer: number;
}

const FLOAT = 4;
const LAYERS: readonly LayerType[] = ["embedding", "attention", "feed-forward", "norm", "head"];

/** The rows `weights`, `adapter`, `gradients` and `optimizer` of a breakdown by type of layer; `moments` for each trained entry. */
export function layerMemory(options: ResolvedOptions, moments: number): LayerMemory[] {
  const { model, loraRank, loraTargetModules } = options;
  const entries = model.allParameters().map(({ name, value }) => ({
    name,
    size: value.size,
    isAdapter: isFactor(name),
    isTrained: loraRank === undefined && isTrainedIn(options, { name, value }),
  }));
  const added =
    loraRank === undefined
      ? []
      : adapterMaps(model, loraRank, loraTargetModules).map(({ name, entries: size }) => ({
          name,
          size,
          isAdapter: true,
          isTrained: true,
        }));
  const present = loraRank === undefined ? entries : entries.filter(({ isAdapter }) => !isAdapter);
  return LAYERS.map((layer) => {
    const own = [...present, ...added].filter(({ name }) => layerOf(name) === layer);
    const bytes = (of: (entry: (typeof own)[number]) => boolean): number =>
      FLOAT * own.reduce((sum, entry) => sum + (of(entry) ? entry.size : 0), 0);
    const trained = bytes(({ isTrained }) => isTrained);
    return {
      layer,
      weights: bytes(({ isAdapter }) => !isAdapter),
      adapter: bytes(({ isAdapter }) => isAdapter),
      gradients: trained,
      optimizer: trained * (1 + moments) * 2,
    };
  });
}

function layerOf(name: string): LayerType {
  if (/norm|\.ln_\w+\./.test(name)) return "norm";
  if (/attn\./.test(name)) return "attention";
  if (/\.mlp\./.test(name)) return "feed-forward";
  return /lm_head/.test(name) ? "head" : "embedding";
}
