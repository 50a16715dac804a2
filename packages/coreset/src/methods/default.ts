import type { QuotaOptions } from "@colm/source-balance";
import type { KeptOptions, MassOption } from "../small-sources-option.ts";
import type { FeatureOptions } from "../subset-options.ts";
import type { SubsetMethod } from "../subset-problem.ts";
import { herd, herding } from "./herding.ts";

/** Settings of the method `"colm"` in mode `"default"`. Each is a switch of its own. */
export interface DefaultOptions extends FeatureOptions {
  /** May be left out. */
  readonly method?: "colm";
  readonly mode: "default";
  /** Which sources are small, how much of the batch they get, and how the others share the rest. */
  readonly sources?: Partial<KeptOptions> &
    MassOption & {
      /** Shares of the big sources; false (default): one choice among all of them. */
      readonly quotas?: Omit<QuotaOptions, "seed"> | false;
    };
  /** Whether herding is followed by swaps; default true. */
  readonly swaps?: boolean;
}

/** Small sources kept, the others by herding towards the target mean, and swaps. */
export function herdingWith(swaps: boolean): SubsetMethod {
  return { ...herding, choose: (problem) => herd(problem, { swaps }) };
}
