import { type Matrix, requireFloat32 } from "@colm/array";
import { type DirectionalGradients, requireDirectionalGradients } from "@colm/spsa";
import { type AdamState, stateDimension } from "./adam-state.ts";

/** Requires gradients within float32, whose squares float64 holds, of the state's dimension; returns their number of rows. */
export function requireGradients(
  caller: string,
  gradients: Matrix | DirectionalGradients,
  state: AdamState,
): number {
  const directional = typeof gradients === "object" && gradients !== null && "coefficients" in gradients;
  if (directional) requireDirectionalGradients(caller, "gradients", gradients);
  else requireFloat32(caller, "gradients", gradients);
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
