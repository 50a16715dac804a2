import type { Activation } from "../blocks/activation.ts";
import type { BlockWeights } from "../blocks/block.ts";
import type { HeadWeights } from "../blocks/head.ts";
import type { Linear } from "../blocks/linear.ts";
import type { Norm } from "../blocks/norm.ts";
import type { Parameter } from "../blocks/parameter.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import { feedWidths, projectionWidths } from "../checkpoint/weight-shapes.ts";
import { architectureOf } from "./architectures/all.ts";

/** Every parameter of a model: embedding, blocks, head. */
export interface ModelWeights {
  readonly embedding: Parameter;
  /** The table of learned positions, `[positions, hidden]`; absent where positions are rotations. */
  readonly positions?: Parameter;
  readonly blocks: readonly BlockWeights[];
  readonly head: HeadWeights;
}

/** Arranges the parameters of a model, given under their Hugging Face names; nothing is copied. */
export function assembleWeights(config: ModelConfig, byName: ReadonlyMap<string, Parameter>): ModelWeights {
  const { names, norm: kind, transposed } = architectureOf(config);
  const find = (name: string): Parameter => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`assembleWeights: "byName" must hold "${name}", got no such parameter`);
    return found;
  };
  // whether a map has a bias was decided when the names were listed
  const withBias = (path: string): { weight: Parameter; bias?: Parameter } => {
    const bias = byName.get(`${path}.bias`);
    return bias ? { weight: find(`${path}.weight`), bias } : { weight: find(`${path}.weight`) };
  };
  const norm = (path: string): Norm => ({
    ...withBias(path),
    centred: kind === "layer",
    epsilon: config.normEpsilon,
  });
  const linear = (path: string): Linear => ({ ...withBias(path), transposed });
  const blocks = Array.from({ length: config.numHiddenLayers }, (_, layer): BlockWeights => {
    const at = (name: string): string => `${names.blocks}.${layer}.${name}`;
    const maps = (paths: readonly string[]): Linear[] => paths.map((path) => linear(at(path)));
    const window = config.windows[layer];
    const [query, key] = names.headNorms ?? [];
    return {
      attentionNorm: norm(at(names.attentionNorm)),
      projections: { linears: maps(names.projections), widths: projectionWidths(config) },
      ...(query && key ? { headNorms: { query: norm(at(query)), key: norm(at(key)) } } : {}),
      ...(window === null ? {} : { window }),
      output: linear(at(names.output)),
      ...(config.parallelBlocks ? {} : { feedNorm: norm(at(names.feedNorm)) }),
      feed: { linears: maps(names.feed), widths: feedWidths(config) },
      activation: activationOf(config.hiddenAct),
      down: linear(at(names.down)),
    };
  });
  const embedding = find(`${names.embedding}.weight`);
  const positions = names.positions === undefined ? {} : { positions: find(`${names.positions}.weight`) };
  const projection = config.tieWordEmbeddings ? embedding : find(`${names.head}.weight`);
  const bias = byName.get(`${names.head}.bias`);
  const head = { norm: norm(names.finalNorm), projection, ...(bias ? { bias } : {}) };
  return { embedding, ...positions, blocks, head };
}

function activationOf(hiddenAct: string): Activation {
  if (hiddenAct === "silu") return "swiglu";
  return hiddenAct === "gelu" ? "gelu" : "gelu_tanh";
}

/** The parameters of the base model under their Hugging Face names; a tied head stands once, as the embedding. */
export function baseParameters({ embedding, positions, blocks, head }: ModelWeights): Parameter[] {
  const list = positions ? [embedding, positions] : [embedding];
  for (const block of blocks) list.push(...blockWeights(block));
  list.push(...normParameters(head.norm));
  if (head.projection !== embedding) list.push(head.projection);
  if (head.bias) list.push(head.bias);
  return list;
}

/** The LoRA factors under their PEFT names, block by block. */
export function adapterParameters({ blocks }: ModelWeights): Parameter[] {
  return blocks.flatMap(blockAdapters);
}

/** Every parameter of one block. */
export function blockParameters(block: BlockWeights): Parameter[] {
  return [...blockWeights(block), ...blockAdapters(block)];
}

/** The linear maps of one block. */
export function blockLinears({ projections, output, feed, down }: BlockWeights): Linear[] {
  return [...projections.linears, output, ...feed.linears, down];
}

/** The parameters of the base model in one block. */
export function blockWeights(block: BlockWeights): Parameter[] {
  const { attentionNorm, headNorms, feedNorm } = block;
  const norms = [attentionNorm, feedNorm, headNorms?.query, headNorms?.key];
  const maps = blockLinears(block).flatMap(({ weight, bias }) => (bias ? [weight, bias] : [weight]));
  return [...norms.flatMap((norm) => (norm ? normParameters(norm) : [])), ...maps];
}

function normParameters({ weight, bias }: Norm): Parameter[] {
  return bias ? [weight, bias] : [weight];
}

/** The LoRA factors of one block. */
export function blockAdapters(block: BlockWeights): Parameter[] {
  return blockLinears(block).flatMap(({ adapter }) => (adapter ? [adapter.down, adapter.up] : []));
}

/** The path of a linear map in its file, under which PEFT adapts it. */
export function linearPath({ weight }: Linear): string {
  return weight.name.replace(/\.weight$/, "");
}

/** The blocks with each linear map replaced by what `change` makes of it. */
export function mapLinears(
  blocks: readonly BlockWeights[],
  change: (linear: Linear) => Linear,
): BlockWeights[] {
  return blocks.map((block) => ({
    ...block,
    projections: { ...block.projections, linears: block.projections.linears.map(change) },
    output: change(block.output),
    feed: { ...block.feed, linears: block.feed.linears.map(change) },
    down: change(block.down),
  }));
}
