import type { AdamState } from "@colm/adam-normalize";
import type { UsablePool } from "./usable-pool.ts";

/** What a method is asked: so many of these examples, at this step. */
export interface Round {
  readonly step: number;
  readonly pool: UsablePool;
  /** Examples to choose, at most as many as are usable. */
  readonly count: number;
  /** The history of the selector's state. */
  readonly history: AdamState | null;
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
}

/** One way of choosing: what it needs of a pool, and how it answers. */
export interface Method {
  readonly needs: Needs;
  /** Sources that the options name; undefined when they name none. */
  readonly knownSources: number | undefined;
  choose(round: Round): Choice;
}

/** What a pool must bring for a method. */
export interface Needs {
  /** Whether `pool.gradients` is read: without it no selection pass is needed at all. */
  readonly gradients: boolean;
  /** Whether `pool.sources` is read. */
  readonly sources: boolean;
}
