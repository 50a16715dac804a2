import type { KeepGains } from "./kept-gains.ts";
import { plainGains } from "./plain-gains.ts";
import { simdGains } from "./simd/kept-gains.ts";
import { hasSimd } from "./simd/workspace.ts";

/** Keeps gains by WebAssembly where it is there, else in plain typed arrays: the same bits. */
export const keepGains: KeepGains = (similarity, cover, columns) =>
  (hasSimd() ? simdGains : plainGains)(similarity, cover, columns);
