export type { Choice, RunMode } from "./choice.ts";
export { createKernels, type Kernels, type KernelsOptions } from "./create-kernels.ts";
export type { KernelMode } from "./mode.ts";
export type { DistanceMetric } from "./pairwise.ts";
export type { ColumnTerm, PairTerm } from "./sums.ts";
