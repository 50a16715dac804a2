import { requireChoice } from "@colm/array";

/** How two points are compared: L1 distance, L2 distance, cosine of their angle, or scalar product. */
export type Metric = "l1" | "l2" | "cosine" | "dot";

/** Requires a metric that exists. */
export function requireMetric(caller: string, value: unknown): asserts value is Metric {
  requireChoice(caller, "metric", value, ["l1", "l2", "cosine", "dot"]);
}

/** Whether the smaller value is the closer one. */
export function isDistance(metric: Metric): boolean {
  return metric === "l1" || metric === "l2";
}
