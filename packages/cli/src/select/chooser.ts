import {
  createSelector,
  type FeatureMethodName,
  type SelectionResult,
  type SelectorOptions,
  type SelectorState,
  type Weighting,
} from "@colm/coreset";
import type { LabelledPool } from "./read-pool.ts";

/** Ways to choose by features or by chance. */
export type ChoiceName = "default" | "official" | "keep-random" | "random" | FeatureMethodName;

/** How to choose, whatever the pool. */
export interface ChoiceSettings {
  readonly method: ChoiceName;
  readonly budget: number;
  readonly seed: number;
  readonly metric: "l1" | "l2" | "cosine" | "dot" | undefined;
  readonly weighting: Weighting | undefined;
  /** Names of the sources of which everything is kept. */
  readonly smallSources: readonly string[];
}

/** What is written of a choice. */
export interface Answer {
  /** Rows of the pool in selection order, counted from 0. */
  readonly indices: number[];
  /** One for each; their sum is their number. */
  readonly weights: number[];
  /** How many of the first rows were kept because their source is small. */
  readonly kept: number;
  /** Chosen rows of each source, where there are sources. */
  readonly selected?: Readonly<Record<string, number>>;
}

/** Chooses from pool after pool; the history goes from one to the next. */
export interface Chooser {
  choose(pool: LabelledPool): Promise<Answer>;
}

/** A chooser at its first step. */
export function chooser(settings: ChoiceSettings): Chooser {
  let state: SelectorState | undefined;
  return {
    async choose({ features, sources }) {
      const names = sources?.names ?? [];
      // the state knows no sources, so that each pool may bring others
      const selector = createSelector(selectorOptions(settings, names));
      const result = await selector.select(state ?? selector.init(), {
        ...(settings.method === "official" ? { gradients: features } : { features }),
        ...(sources && { sources: sources.ids }),
      });
      state = result.state;
      return answer(result, names);
    },
  };
}

function selectorOptions(settings: ChoiceSettings, names: readonly string[]): SelectorOptions {
  const { method, budget, seed, metric, weighting, smallSources } = settings;
  const sources = { small: names.map((name) => smallSources.includes(name)) };
  const compare = { ...(metric && { metric }), ...(weighting && { weighting }) };
  const named = names.length > 0 && { sources };
  if (method === "random") return { method, budget, seed };
  if (method === "keep-random") return { method, budget, seed, sources };
  if (method === "default") return { mode: "default", budget, seed, ...compare, ...named };
  if (method !== "official") return { method, budget, seed, ...compare, ...named };
  return {
    mode: "official",
    budget,
    seed,
    ...(metric && { metric }),
    ...(weighting && weighting !== "matching" && { weighting }),
    ...named,
  };
}

function answer(
  { indices, weights, diagnostics: { kept, selected } }: SelectionResult,
  names: readonly string[],
): Answer {
  return {
    indices: Array.from(indices),
    weights: Array.from(weights),
    kept,
    ...(names.length > 0 && { selected: Object.fromEntries(names.map((name, s) => [name, selected[s]])) }),
  };
}
