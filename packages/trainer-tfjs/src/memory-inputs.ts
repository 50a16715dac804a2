import type { CausalLM } from "@colm/lm-tfjs";
import type { TrainedEntries } from "./activation-bytes.ts";
import { blockOf, defaultTargets, isFactor } from "./block-names.ts";
import { learnedTokens } from "./learned-tokens.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

/** Numbers of parameters: of the base model, of the adapter, and of what gets gradients. */
export function entriesOf(options: ResolvedOptions): {
  readonly weights: number;
  readonly adapter: number;
  readonly trained: TrainedEntries;
} {
  const { model, loraRank, loraTargetModules } = options;
  const parameters = model.allParameters();
  const size = (of: typeof parameters): number => of.reduce((sum, { value }) => sum + value.size, 0);
  const weights = size(parameters.filter(({ name }) => !isFactor(name)));
  const present = size(parameters.filter(({ name }) => isFactor(name)));
  if (loraRank !== undefined) {
    const adapter = adapterEntries(model, loraRank, loraTargetModules);
    return { weights, adapter, trained: { blocks: adapter, others: 0 } };
  }
  const trained = parameters.filter((parameter) => isTrainedIn(options, parameter));
  const blocks = size(trained.filter(({ name }) => blockOf(name) >= 0));
  return { weights, adapter: present, trained: { blocks, others: size(trained) - blocks } };
}

/** Whether a parameter that is there gets a gradient, where no adapter is to be added. */
export function isTrainedIn(
  { train }: Pick<ResolvedOptions, "train">,
  { name, value }: { readonly name: string; readonly value: { readonly trainable: boolean } },
): boolean {
  return train === undefined ? value.trainable : isFactor(name) === (train === "lora");
}

/** Entries of an adapter that is not there yet, map by map: `rank (in + out)` for each that is named. */
export function adapterMaps(
  model: CausalLM,
  rank: number,
  targets: readonly string[] | undefined,
): { readonly name: string; readonly entries: number }[] {
  const names = targets ?? defaultTargets(model.config.modelType) ?? ["qkv_proj", "c_attn"];
  return [...model.parameters()].flatMap(([name, { shape }]) => {
    if (shape.length !== 2 || blockOf(name) < 0 || isFactor(name)) return [];
    const path = name.replace(/\.weight$/, "");
    const isTarget = names.some(
      (target) => target === "all-linear" || path === target || path.endsWith(`.${target}`),
    );
    return isTarget ? [{ name, entries: rank * (shape[0] + shape[1]) }] : [];
  });
}

function adapterEntries(model: CausalLM, rank: number, targets: readonly string[] | undefined): number {
  return adapterMaps(model, rank, targets).reduce((sum, { entries }) => sum + entries, 0);
}

/** Numbers of one example's exact gradient. */
export function rowWidth(
  { model, selection, loraRank }: Pick<ResolvedOptions, "model" | "selection" | "loraRank">,
  kind: "last-value" | "last-block",
): number {
  if (kind === "last-block" && typeof selection.sketch === "number") return selection.sketch;
  const { hiddenSize, numKeyValueHeads, headDim, numHiddenLayers } = model.config;
  const rank = loraRank ?? model.lora?.rank;
  if (kind === "last-value") return numKeyValueHeads * headDim * (rank ?? hiddenSize);
  if (rank !== undefined) return adapterEntries(model, rank, model.lora?.targets) / numHiddenLayers;
  const own = model.allParameters().filter(({ name }) => blockOf(name) === numHiddenLayers - 1);
  return own.reduce((sum, { value }) => sum + value.size, 0);
}

/**
 * The micro-batch of the `size` longest examples; `all`: its tokens without padding. Of a list that is read on demand nothing is
 * read: its examples may be as long as the model has positions, every token with a label.
 */
export function longest(
  { trainDataset: list, model }: ResolvedOptions,
  size: number,
): { readonly examples: number; readonly tokens: number; readonly targets: number; readonly all: number } {
  if ("get" in list) {
    const tokens = model.config.maxPositionEmbeddings;
    return { examples: size, tokens, targets: size * (tokens - 1), all: size * tokens };
  }
  const chosen = Array.from(list)
    .sort((a, b) => b.inputIds.length - a.inputIds.length)
    .slice(0, size);
  return {
    examples: chosen.length,
    tokens: chosen[0].inputIds.length,
    targets: chosen.reduce((sum, example) => sum + learnedTokens(example), 0),
    all: chosen.reduce((sum, { inputIds }) => sum + inputIds.length, 0),
  };
}
