import type { Matrix } from "@colm/array";
import type {
  DefaultOptions,
  FeatureKind,
  FeatureOptions,
  KeepRandomOptions,
  OfficialOptions,
  SelectionKernels,
  SelectorOptions,
  StaticFeaturesOptions,
} from "@colm/coreset";
import type { BoundaryRule } from "@colm/source-balance";

/** The name of a way to choose; see `createSelector` of `@colm/coreset`. */
export type MethodName = NonNullable<SelectorOptions["method"]>;

/**
 * How examples are chosen, beyond pool and budget; each is a switch of its own. A setting that a method does not have is not
 * read, so that one set of settings serves a comparison of methods.
 */
export interface SelectionSettings {
  /** Another place for `method`; where both are given they must be the same. */
  readonly method?: MethodName | undefined;
  /** Of the method `"colm"`. Default `"official"`. */
  readonly mode?: "official" | "default" | undefined;
  /**
   * What examples are compared by. Default: `"spsa"` in official mode, else `"static"`. Official mode takes `"spsa"`,
   * `"last-value"` and `"last-block"`.
   */
  readonly features?: FeatureKind | undefined;
  /**
   * A choice by the method every so many steps, by `keep-random` in between; with remembered features: gradients of the
   * whole pool every so many steps. Default 1; with remembered features never.
   */
  readonly every?: number | undefined;
  /**
   * Train from the block inputs that the selection pass computed, instead of computing them again: the gradients of
   * `gradientCheckpointing`, bit for bit on the same micro-batches. Those are cut from the micro-batches of the pool, so that sums of
   * examples of different lengths round otherwise. Holds the inputs of all blocks for the whole pool. Default false. Methods that make no
   * such pass have nothing to reuse.
   */
  readonly reuse?: boolean | undefined;

  /** Who stays when a pool brings more examples of small sources than the budget. Default `"truncate"`. */
  readonly overflow?: KeepRandomOptions["sources"]["overflow"] | undefined;
  /** Small sources' share of the batch, or `"all"` of their examples. Default `"all"`; official mode knows no other. */
  readonly mass?: number | "all" | undefined;
  /** The rule that says which sources are small, where `smallSources` does not name them. Default the mean. */
  readonly boundary?:
    | { readonly rule: Exclude<BoundaryRule, "explicit">; readonly value?: number }
    | undefined;
  /** Shares of the big sources. Official mode: default proportional, rounded down. Default mode: default false, one choice. */
  readonly quotas?: NonNullable<DefaultOptions["sources"]>["quotas"] | undefined;
  /** Constants of Adam space, or false for plain gradients. Default: on in official mode, off elsewhere. */
  readonly adam?: OfficialOptions["adam"] | undefined;
  /** Coordinates kept. Default: as many as the model is wide in official mode, all elsewhere. */
  readonly keep?: number | undefined;
  /** How features are compared. The default is the method's own; `"l1"` in official mode. */
  readonly metric?: OfficialOptions["metric"] | undefined;
  /** Weights of the chosen examples in training. The default is the method's own; `"uniform"` for `colm`. */
  readonly weighting?: FeatureOptions["weighting"] | undefined;
  /** The mean to match. Default `"up-weighted"`. */
  readonly target?: FeatureOptions["target"] | undefined;
  /** Whether herding is followed by swaps, in default mode. Default true. */
  readonly swaps?: boolean | undefined;

  /** Half the distance of the two zeroth-order evaluations. Default 1e-3. */
  readonly epsilon?: number | undefined;
  /** Perturbation directions. Default 1. */
  readonly directions?: number | undefined;
  /** Whether each step draws directions of its own. Default false: one direction for the whole run. */
  readonly fresh?: boolean | undefined;

  /** Size and part of static features. Default 256 numbers of prompt and answer. */
  readonly static?: Partial<Pick<StaticFeaturesOptions, "dimension" | "part">> | undefined;
  /** Static features of your own, `[examples, d]`, one row for each training example. Read, never modified. */
  readonly vectors?: Matrix | undefined;
  /** Sizes of the memory of remembered features. */
  readonly memory?: FeatureOptions["memory"] | undefined;
  /** Which exact gradients are remembered. Default `"last-value"`. */
  readonly remember?: "last-value" | "last-block" | undefined;
  /**
   * Numbers that last-block gradients are brought to by a random projection, the same for the whole run, or false for all of
   * their entries. Default 1024 where they are compared as they are; Adam space needs every entry, so there false.
   */
  readonly sketch?: number | false | undefined;
  /** What compares examples, such as the kernels of `@colm/kernels`; the CPU by default. */
  readonly kernels?: SelectionKernels | undefined;
  /**
   * Every so many updates, from the first: the features beside exact gradients of the last V projection, and the choice beside the one
   * that those would have made, in `selection.check` of the event. Costs one more pass over the pool then. Default never.
   */
  readonly checkFeatures?: number | undefined;
  /** Examples in one forward pass of the selection. Default `perDeviceTrainBatchSize`. */
  readonly microBatchSize?: number | undefined;
}
