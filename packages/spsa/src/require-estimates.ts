import { wrongKind, wrongValue } from "@colm/array";
import type { DirectionalGradients } from "./directional-gradients.ts";
import { requireDirections } from "./require-directions.ts";
import { requireLayout } from "./require-layout.ts";

/**
 * Requires directional gradients whose coefficients may be NaN or infinite, as those of an estimate are where losses were: what
 * `finiteRows` and `gatherRows` make usable.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param g - The argument.
 * @throws {TypeError} If a field is of the wrong kind.
 * @throws {RangeError} If a field is outside its range, there is no direction, or at the first coefficient that is a finite number
 *   beyond float32.
 * @remarks Takes O(n q).
 * @example
 * const coefficients = matrix(Float32Array.of(2, NaN), 2, 1);
 * requireEstimates("f", "gradients", { coefficients, dimension: 3, seed: 1, step: 0 });
 */
export function requireEstimates(caller: string, name: string, g: DirectionalGradients): void {
  const coefficients: unknown = Object(g).coefficients;
  if (typeof coefficients !== "object" || coefficients === null) {
    throw wrongKind(caller, name, "be directional gradients", g);
  }
  requireLayout(caller, name, g.coefficients);
  if (g.coefficients.shape[1] === 0) throw wrongValue(caller, name, "have at least 1 direction", 0);
  requireDirections(caller, g);
  const { data, shape, stride, offset } = g.coefficients;
  for (let i = 0; i < shape[0]; i++) {
    for (let k = 0; k < shape[1]; k++) {
      const c = data[offset + i * stride[0] + k * stride[1]];
      if (c === undefined) throw wrongValue(caller, name, "lie inside its data", "nothing", `[${i}, ${k}]`);
      if (Number.isFinite(c) && !Number.isFinite(Math.fround(c))) {
        throw wrongValue(caller, name, "be within float32", c, `[${i}, ${k}]`);
      }
    }
  }
}
