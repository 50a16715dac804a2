import type { Metric } from "@colm/submodular";
import type { FeatureKind } from "./feature-kind.ts";
import type { FeatureMemoryOptions } from "./feature-memory.ts";
import type { SelectionKernels } from "./selection-kernels.ts";
import type { KeptOptions, MassOption } from "./small-sources-option.ts";
import type { Weighting } from "./subset-problem.ts";

/** Settings of every method beside the examples of small sources. */
export interface SubsetOptions {
  /** Examples to choose, at least 1. */
  readonly budget: number;
  /** Which sources are small, and how much of the batch they get; none is small by default. */
  readonly sources?: Partial<KeptOptions> & MassOption;
  /**
   * Integer in [0, 2^53): needed by methods that draw (`"gram-schmidt-walk"`, `"kmeans-centres"`), by random overflow and
   * balanced quotas, by `every` above 1, and by remembered features.
   */
  readonly seed?: number;
  /** Clock in milliseconds for the diagnostics; none by default. */
  readonly now?: () => number;
}

/** Settings of the methods that compare features. Each is a switch of its own. */
export interface FeatureOptions extends SubsetOptions {
  /** What examples are compared by, and so what the pool must bring; default `"static"`. */
  readonly features?: FeatureKind;
  /** Constants of Adam space, or false (default): features as they are. */
  readonly adam?: { readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number } | false;
  /** Coordinates kept, those of largest absolute mean over the pool; all by default. */
  readonly keep?: number;
  /** How features are compared; the default is the method's own. */
  readonly metric?: Metric;
  /** How weights follow from the choice; the default is the method's own. */
  readonly weighting?: Weighting;
  /** The mean to match: with small sources in the share that they have of the choice (default), or the pool's own. */
  readonly target?: "up-weighted" | "plain";
  /**
   * A choice by features every so many steps, by chance in between (`needsAt` says which is which); default 1. With
   * remembered features: gradients of the whole pool every so many steps; default never.
   */
  readonly every?: number;
  /** What computes the comparison of all pairs, such as the kernels of `@colm/kernels`; the CPU by default. */
  readonly kernels?: SelectionKernels;
  /** Sizes of the memory of remembered features. */
  readonly memory?: Omit<FeatureMemoryOptions, "seed">;
}

/** Methods that compare features. */
export type FeatureMethodName =
  | "facility-location"
  | "herding"
  | "gram-schmidt-walk"
  | "grad-match"
  | "craig"
  | "grad-norm"
  | "kmeans-centres";

/** Methods that sort one number of each example. */
export type ScoreMethodName =
  | "big-loss"
  | "small-loss"
  | "middle-perplexity"
  | "completion-length"
  | "least-confidence";

/** Settings of a method that compares features. */
export interface FeatureMethodOptions extends FeatureOptions {
  readonly method: FeatureMethodName;
}

/** Settings of a method that sorts one number of each example. */
export interface ScoreMethodOptions extends SubsetOptions {
  readonly method: ScoreMethodName;
}
