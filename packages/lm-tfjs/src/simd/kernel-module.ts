import { binary, relaxedBinary } from "./binary.ts";
import { compileRevectorized, type SetFlags } from "./revectorize.ts";

/**
 * How `a b + c` rounds in matrix products: `"exact"` twice, the same bits on every machine; `"relaxed"` as the machine's own
 * instruction does, once where it has a fused one, so that two kinds of machines may differ in the last bit.
 */
export type KernelArithmetic = "exact" | "relaxed";

export interface ModuleOptions {
  readonly exact: boolean;
  /** Compile with vectors paired, by way of the engine's flags. */
  readonly setFlags?: SetFlags | undefined;
}

const compiled = new Map<string, WebAssembly.Module>();

/** The WebAssembly module for this engine: relaxed SIMD where it compiles (Node 22 on, Chromium 114 on), unless `exact`. Compiled once. */
export function kernelModule({ exact, setFlags }: ModuleOptions): {
  module: WebAssembly.Module;
  arithmetic: KernelArithmetic;
} {
  const relaxed = decode(relaxedBinary);
  const arithmetic = !exact && WebAssembly.validate(relaxed) ? "relaxed" : "exact";
  const key = `${arithmetic} ${setFlags ? "paired" : "plain"}`;
  let module = compiled.get(key);
  if (!module) {
    const bytes = arithmetic === "relaxed" ? relaxed : decode(binary);
    module = setFlags ? compileRevectorized(bytes, setFlags) : new WebAssembly.Module(bytes);
    compiled.set(key, module);
  }
  return { module, arithmetic };
}

function decode(digits: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
