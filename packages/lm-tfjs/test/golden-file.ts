import { existsSync, readFileSync } from "node:fs";

/** Golden data outside the repository; tests that need it say so when it is missing. */
export const goldenRoot: URL = new URL("../../../../shared/golden/hf/", import.meta.url);
export const modelsRoot: URL = new URL("../../../../shared/models/", import.meta.url);
export const hasGolden: boolean = existsSync(goldenRoot);

export interface GoldenTensor {
  readonly shape: number[];
  readonly values: Float32Array | Int32Array;
}

/** A reader of its own, so that the package's reader is not tested against itself. */
export function readGolden(architecture: string): {
  tensor(name: string): GoldenTensor;
  names: string[];
  metadata: Record<string, string>;
} {
  const bytes = readFileSync(new URL(`${architecture}/golden.safetensors`, goldenRoot));
  const length = Number(bytes.readBigUInt64LE(0));
  const { __metadata__: metadata, ...header } = JSON.parse(bytes.toString("utf8", 8, 8 + length));
  const tensor = (name: string): GoldenTensor => {
    const { dtype, shape, data_offsets: range } = header[name];
    const [from, to] = range.map((offset: number) => offset + 8 + length);
    const buffer = Uint8Array.from(bytes.subarray(from, to)).buffer;
    return { shape, values: dtype === "I32" ? new Int32Array(buffer) : new Float32Array(buffer) };
  };
  return { tensor, names: Object.keys(header), metadata };
}

/** The largest difference, relative to the expected array's largest entry. */
export function maxDifference(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Infinity;
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    difference = Math.max(difference, Math.abs(got[i] - expected[i]));
  }
  return Number.isNaN(difference) ? Infinity : difference / (largest || 1);
}

/** The norm of the difference, relative to that of the expected array. */
export function normDifference(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Infinity;
  let norm = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    norm += expected[i] ** 2;
    difference += (got[i] - expected[i]) ** 2;
  }
  return Math.sqrt(difference / norm);
}
