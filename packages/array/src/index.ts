export { type Matrix, matrix } from "./matrix.ts";
export { normal } from "./normal.ts";
export { philox } from "./philox.ts";
export { describe, requireIndices, requireNatural, requireVector } from "./require.ts";
export { requireMatrix } from "./require-matrix.ts";
export { rowMajor } from "./row-major.ts";
export { type KernelSpace, openKernels } from "./simd/kernel-space.ts";
export { permutation, uniform } from "./uniform.ts";
