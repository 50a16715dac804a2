import { normal, requireNatural } from "@colm/array";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import type { NamedArray } from "../checkpoint/named-array.ts";
import { type WeightPlan, weightPlans } from "../checkpoint/weight-shapes.ts";

/** What fresh weights are drawn from. */
export interface FreshOptions {
  /** Integer in [0, 2^53). The same seed gives the same bits on every back end and machine. */
  readonly seed: number;
  /** Stream of the seed for the first drawn weight, integer in [0, 2^31), default 0; for a seed that other draws come from too. */
  readonly stream?: number | undefined;
}

/** Checks a seed and its stream before anything is read or drawn. */
export function requireFresh(caller: string, prefix: string, { seed, stream = 0 }: FreshOptions): void {
  requireNatural(caller, `${prefix}seed`, seed);
  requireNatural(caller, `${prefix}stream`, stream, 2 ** 31 - 1);
}

/** The weights of a fresh model by name in the order of a forward pass, drawn one at a time; each is the caller's own. */
export function* freshWeights(
  config: ModelConfig,
  { seed, stream = 0 }: FreshOptions,
): Generator<[name: string, weight: NamedArray]> {
  let next = stream;
  for (const [name, { shape, start }] of weightPlans(config)) {
    const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
    if ("value" in start) data.fill(start.value);
    else draw(data, shape, start, { seed, stream: next++ });
    yield [name, { shape: [...shape], data }];
  }
}

function draw(
  data: Float32Array,
  shape: readonly number[],
  { deviation, zeroRow }: Extract<WeightPlan["start"], { readonly deviation: number }>,
  place: { readonly seed: number; readonly stream: number },
): void {
  normal(data, place);
  for (let i = 0; i < data.length; i++) data[i] *= deviation;
  const [, width] = shape;
  if (zeroRow !== undefined) data.fill(0, zeroRow * width, (zeroRow + 1) * width);
}
