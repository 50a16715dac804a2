import { inputError } from "../input-error.ts";
import type { Options, OptionTable } from "../option-table.ts";
import type { ChoiceName, ChoiceSettings } from "./chooser.ts";

/** The methods in the order of the help. */
export const methods: readonly ChoiceName[] = [
  "default",
  "official",
  "herding",
  "facility-location",
  "gram-schmidt-walk",
  "grad-match",
  "craig",
  "kmeans-centres",
  "grad-norm",
  "keep-random",
  "random",
];

/** Options that say how to choose, whatever the pool. */
export const choiceOptions: OptionTable = {
  budget: { value: "N", help: "how many to choose" },
  method: { value: "NAME", help: "how to choose, one of those above (default default)" },
  "small-sources": { value: "A,B", help: "sources of which everything is kept" },
  metric: { value: "NAME", help: "l1, l2, cosine, dot (default: the method's own)" },
  weighting: { value: "NAME", help: "uniform, cluster, matching (default: the method's own)" },
  seed: { value: "N", help: "seed of what is drawn (default 42)" },
};

/** The settings that the options give, each checked. */
export function choiceSettings(options: Options): ChoiceSettings {
  const method = options.choice("method", methods) ?? "default";
  const metric = options.choice("metric", ["l1", "l2", "cosine", "dot"]);
  const weighting = options.choice("weighting", ["uniform", "cluster", "matching"]);
  const smallSources = options.list("small-sources") ?? [];
  options.required("budget");
  const budget = options.number("budget") ?? 0;
  if (!Number.isSafeInteger(budget) || budget < 1) {
    throw inputError(`--budget must be an integer of at least 1, got ${budget}`);
  }
  const seed = options.number("seed") ?? 42;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw inputError(`--seed must be an integer in [0, 2^53), got ${seed}`);
  }
  if (method === "random" || method === "keep-random") {
    const stray = metric === undefined ? (weighting === undefined ? "" : "weighting") : "metric";
    if (stray !== "")
      throw inputError(`--${stray} must not be given with --method ${method}, which compares nothing`);
  }
  if (method === "random" && smallSources.length > 0) {
    throw inputError("--small-sources must not be given with --method random: keep-random keeps them");
  }
  if (method === "keep-random" && smallSources.length === 0) {
    throw inputError("--small-sources A,B must be given with --method keep-random");
  }
  if (method === "official" && weighting === "matching") {
    throw inputError("--weighting must be uniform or cluster with --method official, got matching");
  }
  return { method, metric, weighting, smallSources, budget, seed };
}
