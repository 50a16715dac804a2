export type { Choice, RunMode, Term } from "./choice.ts";
export { createKernels, type Kernels, type KernelsOptions } from "./create-kernels.ts";
export type { KernelMode } from "./mode.ts";
export type { StreamOptions } from "./normalized-features.ts";
export type { DistanceMetric } from "./pairwise.ts";
export type { Gradients } from "./stream-problem.ts";
export type { ColumnTerm, PairTerm } from "./sums.ts";
