import type { AdamState } from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import type { FeatureKind } from "./feature-kind.ts";
import type { FeatureMemoryState } from "./feature-memory.ts";
import type { MatchingErrors } from "./matching-error.ts";
import type { Stages } from "./stages.ts";
import type { UsablePool } from "./usable-pool.ts";

/** What a method is asked: so many of these examples, at this step. */
export interface Round {
  readonly step: number;
  readonly pool: UsablePool;
  /** Examples to choose, at most as many as are usable. */
  readonly count: number;
  /** The history of the selector's state. */
  readonly history: AdamState | null;
  /** The memory of the selector's state, where it has one. */
  readonly memory: FeatureMemoryState | undefined;
  /** Where stages are recorded. */
  readonly stages: Stages;
}

/** A method's answer; rows are those of the usable pool. */
export interface Choice {
  /** The chosen rows in selection order, kept ones first; distinct. */
  readonly rows: Int32Array;
  /** One weight for each, with sum `count`. */
  readonly weights: Float32Array;
  /** The history after this step; fresh, or the old one when the method has none. */
  readonly history: AdamState | null;
  /** How many of the first rows were kept for their source's sake. */
  readonly kept: number;
  /** Examples of small sources that found no room. */
  readonly overflowed: number;
  /** Share of the budget of each source, where the method has shares. */
  readonly shares?: Int32Array;
  /** Different features among the examples of big sources, where the method has features. */
  readonly distinctFeatures?: number;
  /** How far the choice is from the pool, where the method has features. */
  readonly matching?: MatchingErrors;
  /** The memory after this step, where the method has one. */
  readonly memory?: FeatureMemoryState;
  /** What the memory knew of this pool, where the method has one. */
  readonly recall?: Recall;
}

/** What a feature memory knew of the examples of a pool. */
export interface Recall {
  /** Examples it had nothing of. */
  readonly unseen: number;
  /** How many of those were chosen so that they will be seen. */
  readonly explored: number;
  /** Mean and largest number of steps since the others were last seen; 0 when there are none. */
  readonly meanAge: number;
  readonly largestAge: number;
}

/** One way of choosing: what it needs of a pool, and how it answers. */
export interface Method {
  readonly needs: Needs;
  /** Every so many steps it needs what `needs` says, and nothing but sources in between. */
  readonly every: number;
  /** Sources that the options name; undefined when they name none. */
  readonly knownSources: number | undefined;
  /** The memory, for methods that have one. */
  readonly memory?: MemoryPart;
  /** A memory that wants gradients of its pool every so many steps; never when absent. */
  readonly refresh?: number;
  /** The answer; a promise where kernels take part. */
  choose(round: Round): Choice | Promise<Choice>;
}

/** The memory of a method. */
export interface MemoryPart {
  init(): FeatureMemoryState;
  record(
    memory: FeatureMemoryState,
    seen: { ids: ArrayLike<number>; gradients: Matrix; step: number },
  ): FeatureMemoryState;
}

/** What a pool must bring for a method. */
export interface Needs {
  /** Whether `pool.gradients` is read: without it no selection pass is needed at all. */
  readonly gradients: boolean;
  /** Whether `pool.features` is read. */
  readonly features: boolean;
  /** Whether `pool.losses` is read (beyond dropping what is not finite). */
  readonly losses: boolean;
  /** Whether `pool.lengths` is read. */
  readonly lengths: boolean;
  /** Whether `pool.confidences` is read. */
  readonly confidences: boolean;
  /** Whether `pool.ids` is read. */
  readonly ids: boolean;
  /** Whether `pool.sources` is read. */
  readonly sources: boolean;
  /** What examples are compared by; null for methods that compare none. */
  readonly kind: FeatureKind | null;
}

/** Needs nothing but the size of the pool. */
export const NOTHING: Needs = {
  gradients: false,
  features: false,
  losses: false,
  lengths: false,
  confidences: false,
  ids: false,
  sources: false,
  kind: null,
};
