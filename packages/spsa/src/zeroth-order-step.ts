import { describe, requireOptions, requireVector, requireWeights, wrongValue } from "@colm/array";
import { type DirectionalGradients, requireDirectionalGradients } from "./directional-gradients.ts";
import { type Directions, perturbation } from "./perturbation.ts";
import { requireDirections } from "./require-directions.ts";

/**
 * A step of zeroth-order descent by its scalars alone, `theta <- theta + sum_k scalars[k] z_k`: q numbers and what draws the
 * directions, whatever the number of parameters. A plain value that JSON keeps whole: a list of them is a training run.
 */
export interface ZerothOrderStep extends Directions {
  /** Entry k: how far the step goes along `z_k`. */
  readonly scalars: readonly number[];
}

/**
 * The descent step of an estimate, `scalars[k] = -(learningRate / q) sum_i w_i c_ik / sum_i w_i`.
 *
 * @param g - The estimates of the batch, finite, one example at least. Only read. Drawn with `fresh: true`: on directions fixed for
 *   the run, all steps together never leave the span of q vectors.
 * @param options - `learningRate`: finite and above 0. `weights`: one for each example, finite, at least 0, their sum above 0; all 1
 *   when absent.
 * @returns The step, a plain value; nothing is applied yet.
 * @throws {TypeError | RangeError} If an argument is outside its range, or a scalar is not finite.
 * @remarks Malladi et al., "Fine-Tuning Language Models with Just Forward Passes" (MeZO, 2023), algorithm 1 and, for q above
 *   1, its n-SPSA; without weight decay. Takes O(n q).
 * @example
 * const g = directionalGradients(matrix(Float32Array.of(2, -4), 2, 1), { dimension: 3, seed: 1, fresh: true });
 * zerothOrderStep(g, { learningRate: 0.5 }).scalars; // => [0.5]
 */
export function zerothOrderStep(
  g: DirectionalGradients,
  options: { learningRate: number; weights?: ArrayLike<number> },
): ZerothOrderStep {
  requireOptions("zerothOrderStep", options);
  const { learningRate, weights } = options;
  requireDirectionalGradients("zerothOrderStep", "g", g);
  const { data, offset } = g.coefficients;
  const [n, q] = g.coefficients.shape;
  const [rowStride, colStride] = g.coefficients.stride;
  if (n === 0) throw new RangeError('zerothOrderStep: "g" must have at least 1 example, got 0');
  requireLearningRate(learningRate);
  const total = weights === undefined ? n : totalWeight(weights, n);
  const scalars: number[] = [];
  for (let k = 0; k < q; k++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (weights?.[i] ?? 1) * data[offset + i * rowStride + k * colStride];
    const scalar = sum === 0 ? 0 : (-learningRate / q) * (sum / total);
    if (!Number.isFinite(scalar)) {
      throw wrongValue("zerothOrderStep", "learningRate", "keep the scalars finite", scalar, k);
    }
    scalars.push(scalar);
  }
  const { dimension, seed, step, fresh = false } = g;
  return { dimension, seed, step, fresh, scalars };
}

/**
 * Parameters after some steps, `theta <- theta + sum_k scalars[k] z_k` for each of them in turn: one step of an optimizer, or a
 * whole run replayed from its log.
 *
 * @param theta - The d parameters before the first step. Only read.
 * @param steps - What `zerothOrderStep` returned, in the order of the run.
 * @returns The parameters, fresh, float32. Applying steps one by one or all at once gives the same bits on every machine.
 * @throws {TypeError | RangeError} If `theta` is no finite `Float32Array`, a step does not fit it, or leads beyond float32.
 * @remarks The sum over directions is taken in float64 and rounded once for each step. Takes O(d q) for each step, and beside the
 *   result memory for 8192 float64: directions are drawn in blocks. There is no exact way back from rounded parameters: to go
 *   back, replay from the start.
 * @example
 * const g = directionalGradients(matrix(Float32Array.of(2, -4), 2, 1), { dimension: 3, seed: 1, fresh: true });
 * const step = zerothOrderStep(g, { learningRate: 0.5 });
 * const once = applySteps(new Float32Array(3), [step]);
 * once[2] === 0.5 * direction(g, 0, 2, new Float32Array(1))[0]; // => true
 * applySteps(new Float32Array(3), [step, step])[0] === applySteps(once, [step])[0]; // => true
 */
export function applySteps(theta: Float32Array, steps: readonly ZerothOrderStep[]): Float32Array {
  if (!(theta instanceof Float32Array)) {
    throw new TypeError(`applySteps: "theta" must be a Float32Array, got ${describe(theta)}`);
  }
  requireVector("applySteps", "theta", theta);
  if (!Array.isArray(steps)) {
    throw new TypeError(`applySteps: "steps" must be an array, got ${describe(steps)}`);
  }
  for (const [at, step] of steps.entries()) requireStep(step, theta.length, at);
  const out = theta.slice();
  for (const [at, step] of steps.entries()) {
    move(out, step);
    const lost = out.findIndex((x) => x - x !== 0);
    if (lost >= 0) {
      throw wrongValue("applySteps", `steps[${at}]`, "keep theta within float32", out[lost], lost);
    }
  }
  return out;
}

const BLOCK = 8192;

function move(theta: Float32Array, step: ZerothOrderStep): void {
  const size = Math.min(BLOCK, theta.length);
  const z = new Float32Array(size);
  const sum = new Float64Array(size);
  for (let start = 0; start < theta.length; start += size) {
    const length = Math.min(size, theta.length - start);
    sum.set(theta.subarray(start, start + length));
    step.scalars.forEach((scalar, k) => {
      perturbation(step, k, start, z.subarray(0, length));
      for (let j = 0; j < length; j++) sum[j] += scalar * z[j];
    });
    theta.set(sum.subarray(0, length), start);
  }
}

function requireLearningRate(learningRate: number): void {
  if (typeof learningRate !== "number") {
    throw new TypeError(`zerothOrderStep: "learningRate" must be a number, got ${describe(learningRate)}`);
  }
  if (!(learningRate > 0 && learningRate < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`zerothOrderStep: "learningRate" must be finite and above 0, got ${learningRate}`);
  }
}

function totalWeight(weights: ArrayLike<number>, n: number): number {
  requireWeights("zerothOrderStep", "weights", weights, n);
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i];
  if (!Number.isFinite(total)) throw wrongValue("zerothOrderStep", "weights", "have a finite sum", total);
  if (total === 0) throw new RangeError('zerothOrderStep: "weights" must have a sum above 0, got 0');
  return total;
}

function requireStep(step: ZerothOrderStep, dimension: number, at: number): void {
  if (typeof step !== "object" || step === null || !Array.isArray(step.scalars)) {
    throw new TypeError(
      `applySteps: "steps" must hold what zerothOrderStep returns, got ${describe(step)} at ${at}`,
    );
  }
  if (step.dimension !== dimension) {
    throw new RangeError(
      `applySteps: "steps" must have ${dimension} entries as "theta" has, got ${step.dimension} at ${at}`,
    );
  }
  requireDirections("applySteps", step, `steps[${at}].`);
  requireVector("applySteps", `steps[${at}].scalars`, step.scalars);
}
