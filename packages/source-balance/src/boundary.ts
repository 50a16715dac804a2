import { describe, requireIndices, requireOptions, requireVector, wrongValue } from "@colm/array";
import { belowMean } from "./below-mean.ts";

/** Where the boundary between small and big sources lies; see {@link smallSources}. */
export type BoundaryRule = "mean" | "median" | "quantile" | "share" | "explicit";

/** Settings of {@link smallSources} and {@link explainBoundary}. */
export interface BoundaryOptions {
  /** Default `"mean"`. */
  readonly rule?: BoundaryRule;
  /**
   * For `"quantile"` the order of the quantile in [0, 1], default 0.25; for `"share"` a share of all examples in
   * [0, 1], default 0.05; for `"explicit"` the ids of the small sources, required. No other rule takes one.
   */
  readonly value?: number | ArrayLike<number>;
}

/** A boundary that was drawn: who is small, and below which count where the rule has a threshold. */
export interface Boundary {
  readonly rule: BoundaryRule;
  /** The number or the ids that the rule used; absent for `"mean"` and `"median"`. */
  readonly value?: number | number[];
  /** In the unit of the counts: a source is small when its count is strictly below. Absent for `"explicit"`. */
  readonly threshold?: number;
  /** One entry per source. */
  readonly small: boolean[];
}

/** Checks the counts and the options of the public function `caller`, and draws the boundary. */
export function drawBoundary(
  caller: string,
  counts: ArrayLike<number>,
  options: BoundaryOptions = {},
): Boundary {
  requireCounts(caller, counts);
  requireOptions(caller, options);
  const { rule = "mean", value } = options;
  switch (rule) {
    case "mean":
    case "median": {
      if (value !== undefined) {
        throw new TypeError(
          `${caller}: "value" must be absent for the rule ${describe(rule)}, got ${describe(value)}`,
        );
      }
      return rule === "mean" ? meanBoundary(counts) : below(counts, rule, quantile(counts, 0.5));
    }
    case "quantile": {
      const order = fraction(caller, value, 0.25);
      return { ...below(counts, rule, quantile(counts, order)), value: order };
    }
    case "share": {
      const share = fraction(caller, value, 0.05);
      return { ...below(counts, rule, share * total(counts)), value: share };
    }
    case "explicit":
      return listed(caller, counts.length, value);
    default:
      throw new RangeError(
        `${caller}: "rule" must be "mean", "median", "quantile", "share" or "explicit", got ${describe(rule)}`,
      );
  }
}

/** The sum of all counts, the smallest first: their order does not enter its rounding. */
export function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (const count of Float64Array.from(counts).sort()) sum += count;
  return sum;
}

function requireCounts(caller: string, counts: ArrayLike<number>): void {
  requireVector(caller, "counts", counts);
  if (counts.length === 0) throw new RangeError(`${caller}: "counts" must have at least 1 entry, got 0`);
  for (let s = 0; s < counts.length; s++) {
    if (counts[s] < 0)
      throw new RangeError(`${caller}: "counts" must be at least 0, got ${counts[s]} at ${s}`);
  }
  const sum = total(counts);
  if (!Number.isFinite(sum)) throw wrongValue(caller, "counts", "have a finite sum", sum);
}

function below(counts: ArrayLike<number>, rule: BoundaryRule, threshold: number): Boundary {
  return { rule, threshold, small: Array.from(counts, (count) => count < threshold) };
}

/** Who is below the exact mean; the threshold is the rounded one, unless that lies on another side of a count. */
function meanBoundary(counts: ArrayLike<number>): Boundary {
  const sum = total(counts);
  const rounded = below(counts, "mean", sum / counts.length);
  // the sum is exact, and a quotient that is not a count does not round to one
  if (sum <= Number.MAX_SAFE_INTEGER && Array.from(counts).every(Number.isInteger)) return rounded;
  const small = belowMean(counts);
  if (small.every((own, s) => own === rounded.small[s])) return rounded;
  const threshold = Math.min(...Array.from(counts).filter((_, s) => !small[s]));
  return { rule: "mean", threshold, small };
}

/** Sample quantile by linear interpolation: Hyndman & Fan (1996), definition 7. */
function quantile(counts: ArrayLike<number>, order: number): number {
  const sorted = Float64Array.from(counts).sort();
  const position = order * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (position - low) * (sorted[high] - sorted[low]);
}

function fraction(caller: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== "number") {
    throw new TypeError(`${caller}: "value" must be a number, got ${describe(value)}`);
  }
  if (!(value >= 0 && value <= 1)) {
    throw new RangeError(`${caller}: "value" must be in [0, 1], got ${value}`);
  }
  return value;
}

function listed(caller: string, sources: number, value: BoundaryOptions["value"]): Boundary {
  if (value === undefined || typeof value === "number") {
    throw new TypeError(
      `${caller}: "value" must list the ids of the small sources for the rule "explicit", got ${describe(value)}`,
    );
  }
  requireIndices(caller, "value", value, sources);
  const ids = Array.from(value);
  const small = new Array<boolean>(sources).fill(false);
  for (const id of ids) small[id] = true;
  return { rule: "explicit", value: ids, small };
}
