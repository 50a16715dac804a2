import { architectureOf } from "../model/architectures/all.ts";
import type { ModelConfig } from "./model-config.ts";

/** One weight of a model: its shape in a Hugging Face file, and what it starts from in a fresh model. */
export interface WeightPlan {
  readonly shape: readonly number[];
  /** Every entry alike, or drawn from a normal distribution of this standard deviation, one row then set to zeros where it is named. */
  readonly start: { readonly value: number } | { readonly deviation: number; readonly zeroRow?: number };
}

/**
 * Names and shapes of all weights of a model, as Hugging Face files store them: a linear layer is `[out, in]`, a Conv1D `[in, out]`.
 *
 * @param config - The model's configuration.
 * @returns Shapes by name, in the order of a forward pass. A tied model has no `lm_head.weight`.
 * @remarks Names: the `ForCausalLM` classes of transformers.
 */
export function weightShapes(config: ModelConfig): Map<string, number[]> {
  return new Map([...weightPlans(config)].map(([name, { shape }]) => [name, [...shape]]));
}

/** Shapes and starting values of all weights of a model by name, in the order of a forward pass. */
export function weightPlans(config: ModelConfig): Map<string, WeightPlan> {
  const { names, norm, transposed, scaledResiduals, zeroPadding, headBias } = architectureOf(config);
  const { hiddenSize: hidden, intermediateSize: inner, headDim, vocabSize, initializerRange } = config;
  const zeroRow = zeroPadding ? config.padTokenId : undefined;
  const plans = new Map<string, WeightPlan>();
  const residual = scaledResiduals
    ? initializerRange / Math.sqrt(2 * config.numHiddenLayers)
    : initializerRange;
  const drawn = (name: string, shape: number[], deviation = initializerRange): void => {
    plans.set(`${name}.weight`, { shape, start: { deviation } });
  };
  const constant = (name: string, width: number, value: number): void => {
    plans.set(name, { shape: [width], start: { value } });
  };
  const normed = (name: string, width: number, withBias: boolean): void => {
    constant(`${name}.weight`, width, 1);
    if (withBias) constant(`${name}.bias`, width, 0);
  };
  const linear = (name: string, outputs: number, inputs: number, bias: boolean, deviation?: number): void => {
    drawn(name, transposed ? [inputs, outputs] : [outputs, inputs], deviation);
    if (bias) constant(`${name}.bias`, outputs, 0);
  };
  const projected = projectionWidths(config);
  const fed = feedWidths(config);
  plans.set(`${names.embedding}.weight`, {
    shape: [vocabSize, hidden],
    start: { deviation: initializerRange, ...(zeroRow === undefined ? {} : { zeroRow }) },
  });
  if (names.positions !== undefined) drawn(names.positions, [config.maxPositionEmbeddings, hidden]);
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    const path = (name: string): string => `${names.blocks}.${layer}.${name}`;
    const each = (paths: readonly string[], widths: readonly number[], bias: boolean): void => {
      const outputs = paths.length === 1 ? [widths.reduce((sum, width) => sum + width, 0)] : widths;
      paths.forEach((name, i) => {
        linear(path(name), outputs[i], hidden, bias);
      });
    };
    normed(path(names.attentionNorm), hidden, norm === "layer");
    each(names.projections, projected, config.projectionBias);
    for (const name of names.headNorms ?? []) normed(path(name), headDim, false);
    linear(path(names.output), hidden, config.numAttentionHeads * headDim, config.outputBias, residual);
    if (!config.parallelBlocks) normed(path(names.feedNorm), hidden, norm === "layer");
    each(names.feed, fed, config.feedBias);
    linear(path(names.down), hidden, inner, config.feedBias, residual);
  }
  normed(names.finalNorm, hidden, norm === "layer");
  if (!config.tieWordEmbeddings) drawn(names.head, [vocabSize, hidden]);
  if (headBias) constant(`${names.head}.bias`, vocabSize, 0);
  return plans;
}

/** Widths of queries, keys and values. */
export function projectionWidths(config: ModelConfig): number[] {
  const keys = config.numKeyValueHeads * config.headDim;
  return [config.numAttentionHeads * config.headDim, keys, keys];
}

/** Widths of gate and up, or of the single inner layer. */
export function feedWidths(config: ModelConfig): number[] {
  const { intermediateSize: inner } = config;
  return architectureOf(config).gated ? [inner, inner] : [inner];
}
