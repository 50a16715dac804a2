import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import { directionalBlocks } from "./directional-blocks.ts";
import { matrixBlocks, type RowBlocks } from "./row-blocks.ts";

/** The blocks of gradients, stored or directional. */
export function gradientBlocks(gradients: Matrix | DirectionalGradients): RowBlocks {
  return "coefficients" in gradients ? directionalBlocks(gradients) : matrixBlocks(gradients);
}
