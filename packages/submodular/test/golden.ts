import { existsSync, readFileSync } from "node:fs";
import { type Matrix, matrix } from "@colm/array";

const folder = new URL("../../../../shared/golden/", import.meta.url);

/** Whether the golden data stands beside the repository. */
export const hasGolden: boolean =
  existsSync(new URL("submodular/cases.json", folder)) && existsSync(new URL("colm/facility.json", folder));

interface ArrayReference {
  dtype: "f32" | "f64" | "i32" | "u8";
  shape: number[];
  offset: number;
  scale?: number;
}

export interface GoldenResult {
  indices: number[];
  gains: number[];
  value?: number;
}

export interface GoldenCase {
  id: string;
  generator: "submodlib" | "apricot" | "bruteforce";
  fn: string;
  tag: string;
  n: number;
  mode?: "sparse" | "clustered";
  exact?: boolean;
  gainRelTol?: number;
  gainsSumToValue?: boolean;
  inputs: Record<string, ArrayReference>;
  params?: Record<string, number | string | number[] | string[]>;
  options?: Record<string, number | boolean>;
  results: Record<string, GoldenResult>;
  evaluations?: { set: number[]; value: number }[];
  colmWeights?: { k: number; weights: number[] };
}

export interface ColmFacilityCase {
  n: number;
  budget: number;
  d: number;
  metric: "l1" | "euclidean" | "cosine";
  X: number[];
  S: number[];
  order_submodlib: number[];
  weights_submodlib: number[];
  gains_submodlib: number[];
  order_lowest: number[];
  weights_lowest: number[];
  gains_lowest: number[];
}

const bytes = hasGolden ? readFileSync(new URL("submodular/data.bin", folder)) : new Uint8Array();

/** All cases of `golden/submodular`; none where the folder is missing. */
export const goldenCases: GoldenCase[] = hasGolden
  ? JSON.parse(readFileSync(new URL("submodular/cases.json", folder), "utf8")).cases
  : [];

/** All cases of `golden/colm/facility.json`; none where the folder is missing. */
export const colmCases: ColmFacilityCase[] = hasGolden
  ? JSON.parse(readFileSync(new URL("colm/facility.json", folder), "utf8")).cases
  : [];

/** The numbers that an array reference points at. */
export function goldenArray(reference: ArrayReference): Float64Array {
  const { dtype, shape, offset, scale = 1 } = reference;
  const length = shape.reduce((a, b) => a * b, 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  const read = {
    f32: (i: number) => view.getFloat32(4 * i, true),
    f64: (i: number) => view.getFloat64(8 * i, true),
    i32: (i: number) => view.getInt32(4 * i, true),
    u8: (i: number) => view.getUint8(i) * scale,
  }[dtype];
  return Float64Array.from({ length }, (_, i) => read(i));
}

/** A named input of a case as a float32 matrix. */
export function goldenMatrix(golden: GoldenCase, name: string): Matrix {
  const [rows, cols] = golden.inputs[name].shape;
  return matrix(Float32Array.from(goldenArray(golden.inputs[name])), rows, cols);
}
