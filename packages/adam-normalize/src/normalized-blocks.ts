import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import type { AdamRule } from "./adam-rule.ts";
import type { AdamState } from "./adam-state.ts";
import { type ColumnBlocks, columnsOf } from "./column-blocks.ts";
import { gradientBlocks } from "./gradient-blocks.ts";
import { normalizedRows } from "./normalized-rows.ts";
import { BLOCK } from "./row-blocks.ts";
import { simdBlocks } from "./simd/normalized-blocks.ts";
import { simdStoredBlocks } from "./simd/stored-blocks.ts";

/** The blocks of `u`: by WebAssembly where the platform has it, else by plain arrays, the same bits. */
export function normalizedBlocks(
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
  rule: AdamRule,
): ColumnBlocks {
  const simd =
    "coefficients" in gradients
      ? simdBlocks(state, gradients, rule)
      : simdStoredBlocks(state, gradients, rule);
  return simd ?? plainBlocks(state, gradients, rule);
}

/** The blocks of `u` by plain arrays. */
export function plainBlocks(
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
  rule: AdamRule,
): ColumnBlocks {
  const [m, v] = [new Float64Array(BLOCK), new Float64Array(BLOCK)];
  return columnsOf(normalizedRows(state, gradientBlocks(gradients), rule, m, v));
}
