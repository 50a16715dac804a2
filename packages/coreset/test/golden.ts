import { existsSync, readFileSync } from "node:fs";
import type { Metric } from "@colm/submodular";

const folder = new URL("../../../../shared/golden/colm/", import.meta.url);

export const hasGolden: boolean = ["pipeline_onez.json", "pipeline_dense.json"].every((name) =>
  existsSync(new URL(name, folder)),
);

/** A step of the reference. Fields after `official_error` are missing where the reference failed. */
export interface GoldenStep {
  sources: number[];
  loss_plus?: number[];
  loss_minus?: number[];
  projected_grad?: number[];
  reps?: number[];
  official_error?: string;
  selected?: number[];
  loss_weights?: number[];
  fl?: { min_rel_margin: number; objective: number }[];
  big_order?: number[];
  update_scalar?: number[];
  update_scalar_spread?: number;
  update_rowsum?: number[];
  update_rownorm?: number[];
  masked_rowsum?: number[];
  prev_m_after?: number[];
  prev_v_after?: number[];
}

export interface GoldenCase {
  name: string;
  N: number;
  budget: number;
  D: number;
  zo_dim: number;
  options: {
    metric: "l1" | "euclidean" | "cosine";
    optim: "adam" | "sgd";
    topk: string;
    strategy: "proportional" | "balanced" | "none";
    start: "floor" | "ceil";
    transform: string;
    method_: "submodlib" | "weightedsubmodlib";
  };
  mezo_eps: number;
  keep_sources: number[];
  z?: number[];
  steps: GoldenStep[];
}

export function goldenCases(): GoldenCase[] {
  return ["pipeline_onez.json", "pipeline_dense.json"].flatMap((name) => {
    const { cases }: { cases: GoldenCase[] } = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    return cases;
  });
}

export const metrics: Readonly<Record<GoldenCase["options"]["metric"], Metric>> = {
  l1: "l1",
  euclidean: "l2",
  cosine: "cosine",
};
