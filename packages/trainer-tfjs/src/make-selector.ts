import { describe } from "@colm/array";
import { createSelector, type FeatureOptions, type Selector } from "@colm/coreset";
import { everyKth } from "./every-kth.ts";
import type { MethodName, SelectionSettings } from "./selection-settings.ts";

/** What a selector is made from. */
export interface SelectorSettings {
  readonly method: MethodName;
  readonly budget: number;
  readonly seed: number;
  readonly selection: SelectionSettings;
  readonly now: () => number;
}

/** The selector that the settings of a run name; `small` has one flag for each source. */
export function makeSelector(settings: SelectorSettings, small: readonly boolean[]): Selector {
  const { method, budget, seed, selection, now } = settings;
  const { overflow = "truncate", mass, every } = selection;
  const common = { budget, seed, now };
  const sources = { small, overflow, ...(mass !== undefined && { mass }) };
  switch (method) {
    case "random":
      return createSelector({ method, ...common });
    case "keep-random":
      return createSelector({ method, ...common, sources });
    case "colm":
      return selection.mode === "default"
        ? defaultSelector(settings, sources)
        : officialSelector(settings, sources);
    case "big-loss":
    case "small-loss":
    case "middle-perplexity":
    case "completion-length":
    case "least-confidence": {
      const between = createSelector({ method: "keep-random", ...common, sources });
      return everyKth(createSelector({ method, ...common, sources }), between, every ?? 1);
    }
    default:
      return createSelector({ method, ...common, sources, ...featureSettings(selection) });
  }
}

type Sources = {
  small: readonly boolean[];
  overflow: NonNullable<SelectionSettings["overflow"]>;
  mass?: number | "all";
};

function officialSelector({ budget, seed, selection, now }: SelectorSettings, sources: Sources): Selector {
  const { adam, keep, metric, weighting, quotas, features, mass, kernels, every = 1 } = selection;
  if (quotas === false) refuse("quotas", "an object", quotas);
  if (weighting === "matching") refuse("weighting", '"uniform" or "cluster"', weighting);
  if (features === "static" || features === "remembered") {
    refuse("features", '"spsa", "last-value" or "last-block"', features);
  }
  if (mass !== undefined && mass !== "all") refuse("mass", '"all"', mass);
  const { small, overflow } = sources;
  const official = createSelector({
    method: "colm",
    mode: "official",
    budget,
    seed,
    now,
    sources: { small, overflow, ...(quotas && { quotas }) },
    ...(adam !== undefined && { adam }),
    ...(keep !== undefined && { keep }),
    ...(metric && { metric }),
    ...(weighting && { weighting }),
    ...(kernels && { kernels }),
  });
  const between = createSelector({ method: "keep-random", budget, seed, now, sources: { small, overflow } });
  return everyKth(official, between, every);
}

function defaultSelector({ budget, seed, selection, now }: SelectorSettings, sources: Sources): Selector {
  const { quotas, swaps } = selection;
  return createSelector({
    method: "colm",
    mode: "default",
    budget,
    seed,
    now,
    sources: { ...sources, ...(quotas !== undefined && { quotas }) },
    ...(swaps !== undefined && { swaps }),
    ...featureSettings(selection),
  });
}

type FeatureSettings = Omit<FeatureOptions, "budget" | "sources" | "seed" | "now">;

function featureSettings(selection: SelectionSettings): FeatureSettings {
  const { features, adam, keep, metric, weighting, target, every, memory, kernels } = selection;
  return {
    ...(features !== undefined && { features }),
    ...(adam !== undefined && { adam }),
    ...(keep !== undefined && { keep }),
    ...(metric !== undefined && { metric }),
    ...(weighting !== undefined && { weighting }),
    ...(target !== undefined && { target }),
    ...(every !== undefined && { every }),
    ...(memory !== undefined && { memory }),
    ...(kernels !== undefined && { kernels }),
  };
}

function refuse(name: string, condition: string, value: unknown): never {
  throw new RangeError(
    `train: "selection.${name}" must be ${condition} in official mode, got ${describe(value)}`,
  );
}
