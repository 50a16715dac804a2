// Logistic regression on plain arrays, no framework: exact gradients of a pool -> the selector -> a weighted step on its choice.
//
//   node packages/coreset/examples/plain-loop.ts
import { matrix, normal } from "@colm/array";
import { createSelector } from "@colm/coreset";

const [pool, budget, steps, rate] = [64, 16, 40, 0.5];

interface Example {
  readonly x: Float32Array;
  readonly y: 0 | 1;
  /** 0: common; 1: rare, one in sixteen, and with a boundary of its own. */
  readonly source: 0 | 1;
}

/** Points of the plane and a constant 1; the rare ones have a third coordinate that the common ones lack. */
function draw(size: number, seed: number): Example[] {
  const points = normal(new Float32Array(3 * size), { seed });
  return Array.from({ length: size }, (_, i) => {
    const [a, b, c] = points.subarray(3 * i, 3 * i + 3);
    const source = i % 16 === 0 ? 1 : 0;
    const y = (source === 1 ? c : a + b / 2) > 0 ? 1 : 0;
    return { x: Float32Array.of(a, b, source === 1 ? c : 0, 1), y, source };
  });
}

function probability(theta: Float64Array, { x }: Example): number {
  return 1 / (1 + Math.exp(-x.reduce((sum, value, j) => sum + value * theta[j], 0)));
}

/** The loss of one example is -log p(y); its gradient is (p - y) x. */
function gradientsOf(theta: Float64Array, examples: readonly Example[]): Float32Array {
  const d = theta.length;
  const rows = new Float32Array(examples.length * d);
  for (const [i, example] of examples.entries()) {
    const residual = probability(theta, example) - example.y;
    for (let j = 0; j < d; j++) rows[i * d + j] = residual * example.x[j];
  }
  return rows;
}

function meanLoss(theta: Float64Array, examples: readonly Example[]): number {
  const losses = examples.map((example) => {
    const p = probability(theta, example);
    return -Math.log(example.y === 1 ? p : 1 - p);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

const selector = createSelector({
  method: "grad-match",
  features: "last-block",
  budget,
  sources: { small: [false, true] },
});
const heldOut = draw(1024, 0);
const theta = new Float64Array(4);
let state = selector.init();
console.log(`before: held-out loss ${meanLoss(theta, heldOut).toFixed(3)}`);

for (let step = 1; step <= steps; step++) {
  const examples = draw(pool, step);
  const gradients = gradientsOf(theta, examples);
  const sources = examples.map(({ source }) => source);
  const result = await selector.select(state, { gradients: matrix(gradients, pool, theta.length), sources });
  state = result.state;
  // the weights' sum is the number of chosen examples: the weighted sum over that number is a weighted mean
  for (const [t, row] of result.indices.entries()) {
    const share = (rate * result.weights[t]) / result.indices.length;
    for (let j = 0; j < theta.length; j++) theta[j] -= share * gradients[row * theta.length + j];
  }
}

const rare = heldOut.filter(({ source }) => source === 1);
console.log(
  `after ${steps} steps on ${budget} of ${pool}: held-out loss ${meanLoss(theta, heldOut).toFixed(3)}`,
);
console.log(`of the rare source: ${meanLoss(theta, rare).toFixed(3)}`);
