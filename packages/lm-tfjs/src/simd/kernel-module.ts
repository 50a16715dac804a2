import { binary, relaxedBinary } from "./binary.ts";

/**
 * How `a b + c` rounds in matrix products: `"exact"` twice, the same bits on every machine; `"relaxed"` as the machine's own
 * instruction does, once where it has a fused one, so that two kinds of machines may differ in the last bit.
 */
export type KernelArithmetic = "exact" | "relaxed";

/** The WebAssembly module for this engine: relaxed SIMD where it compiles (Node 22 on, Chromium 114 on), unless `exact`. */
export function kernelModule({ exact }: { exact: boolean }): {
  module: WebAssembly.Module;
  arithmetic: KernelArithmetic;
} {
  const relaxed = decode(relaxedBinary);
  return !exact && WebAssembly.validate(relaxed)
    ? { module: new WebAssembly.Module(relaxed), arithmetic: "relaxed" }
    : { module: new WebAssembly.Module(decode(binary)), arithmetic: "exact" };
}

function decode(digits: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
