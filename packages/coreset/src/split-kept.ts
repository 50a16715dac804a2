import { trimKept } from "@colm/source-balance";
import { stepSeed } from "./step-seed.ts";
import type { UsablePool } from "./usable-pool.ts";

/** A pool parted by source: numbers are rows of the usable pool, ascending. */
export interface Split {
  /** Examples of small sources that are taken. */
  readonly kept: Int32Array;
  /** How many examples of small sources find no room. */
  readonly overflowed: number;
  /** Examples of big sources. */
  readonly rest: Int32Array;
}

/** How a pool is parted. */
export interface SplitRule {
  readonly small: readonly boolean[];
  readonly overflow: "truncate" | "random" | "proportional";
  /** The most of the budget that small sources take, in [0, 1], where big ones can fill the rest; 1 when absent. */
  readonly mass?: number;
  readonly seed: number | undefined;
}

/** Keeps the examples of small sources, as far as the budget and their mass reach. */
export function splitKept(pool: UsablePool, rule: SplitRule, budget: number, step: number): Split {
  const { small, overflow, seed, mass = 1 } = rule;
  const rows = Int32Array.from(pool.sources.keys());
  const ofSmall = rows.filter((row) => small[pool.sources[row]]);
  const rest = rows.filter((row) => !small[pool.sources[row]]);
  const room = Math.max(Math.round(mass * budget), budget - rest.length);
  const staying = trimKept(
    ofSmall.map((row) => pool.sources[row]),
    room,
    seed === undefined ? { overflow } : { overflow, seed: stepSeed(seed, step, "overflow") },
  );
  return { kept: staying.map((at) => ofSmall[at]), overflowed: ofSmall.length - staying.length, rest };
}
