import { type Matrix, requireMatrix } from "@colm/array";
import { type DirectionalGradients, requireDirectionalGradients } from "@colm/spsa";
import { type AdamState, stateDimension } from "./adam-state.ts";

/** Requires finite gradients of the state's dimension; returns their number of rows. */
export function requireGradients(
  caller: string,
  gradients: Matrix | DirectionalGradients,
  state: AdamState,
): number {
  const directional = typeof gradients === "object" && gradients !== null && "coefficients" in gradients;
  if (directional) requireDirectionalGradients(caller, "gradients", gradients);
  else requireMatrix(caller, "gradients", gradients);
  const [rows, dimension] = directional
    ? [gradients.coefficients.shape[0], gradients.dimension]
    : gradients.shape;
  if (dimension !== stateDimension(state)) {
    throw new RangeError(
      `${caller}: "gradients" must have ${stateDimension(state)} coordinates as the state has, got ${dimension}`,
    );
  }
  return rows;
}
