import type { BlockWeights } from "../blocks/block.ts";
import type { HeadWeights } from "../blocks/head.ts";
import type { Linear } from "../blocks/linear.ts";
import type { Parameter } from "../blocks/parameter.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";

/** Every parameter of a model: embedding, blocks, head. */
export interface ModelWeights {
  readonly embedding: Parameter;
  readonly blocks: readonly BlockWeights[];
  readonly head: HeadWeights;
}

/** The linear maps of a block and where their weights stand in a Hugging Face file. */
export const LINEAR_PATHS = {
  query: "self_attn.q_proj",
  key: "self_attn.k_proj",
  value: "self_attn.v_proj",
  output: "self_attn.o_proj",
  gate: "mlp.gate_proj",
  up: "mlp.up_proj",
  down: "mlp.down_proj",
} as const;

export type LinearRole = keyof typeof LINEAR_PATHS;

export const LINEAR_ROLES: readonly LinearRole[] = ["query", "key", "value", "output", "gate", "up", "down"];

/** Arranges the parameters of a model, given under their Hugging Face names; nothing is copied. */
export function assembleWeights(config: ModelConfig, byName: ReadonlyMap<string, Parameter>): ModelWeights {
  const find = (name: string): Parameter => {
    const found = byName.get(name);
    if (!found) throw new RangeError(`assembleWeights: "byName" must hold "${name}", got no such parameter`);
    return found;
  };
  const embedding = find("model.embed_tokens.weight");
  const blocks = Array.from({ length: config.numHiddenLayers }, (_, layer): BlockWeights => {
    const path = `model.layers.${layer}`;
    const linear = (role: LinearRole): Linear => ({ weight: find(`${path}.${LINEAR_PATHS[role]}.weight`) });
    return {
      inputNorm: find(`${path}.input_layernorm.weight`),
      query: linear("query"),
      key: linear("key"),
      value: linear("value"),
      output: linear("output"),
      feedForwardNorm: find(`${path}.post_attention_layernorm.weight`),
      gate: linear("gate"),
      up: linear("up"),
      down: linear("down"),
    };
  });
  const projection = config.tieWordEmbeddings ? embedding : find("lm_head.weight");
  return { embedding, blocks, head: { norm: find("model.norm.weight"), projection } };
}

/** The parameters of the base model under their Hugging Face names; a tied head stands once, as the embedding. */
export function baseParameters({ embedding, blocks, head }: ModelWeights): Parameter[] {
  const list = [embedding];
  for (const block of blocks) {
    list.push(block.inputNorm, block.feedForwardNorm, ...LINEAR_ROLES.map((role) => block[role].weight));
  }
  list.push(head.norm);
  if (head.projection !== embedding) list.push(head.projection);
  return list;
}

/** The LoRA factors under their PEFT names, block by block. */
export function adapterParameters({ blocks }: ModelWeights): Parameter[] {
  return blocks.flatMap(blockAdapters);
}

function blockAdapters(block: BlockWeights): Parameter[] {
  return LINEAR_ROLES.flatMap((role) => {
    const { adapter } = block[role];
    return adapter ? [adapter.down, adapter.up] : [];
  });
}

/** Every parameter of one block. */
export function blockParameters(block: BlockWeights): Parameter[] {
  const weights = LINEAR_ROLES.map((role) => block[role].weight);
  return [block.inputNorm, block.feedForwardNorm, ...weights, ...blockAdapters(block)];
}

/** The blocks with each linear map replaced by what `change` makes of it. */
export function mapLinears(
  blocks: readonly BlockWeights[],
  change: (layer: number, role: LinearRole, linear: Linear) => Linear,
): BlockWeights[] {
  return blocks.map((block, layer) => ({
    ...block,
    query: change(layer, "query", block.query),
    key: change(layer, "key", block.key),
    value: change(layer, "value", block.value),
    output: change(layer, "output", block.output),
    gate: change(layer, "gate", block.gate),
    up: change(layer, "up", block.up),
    down: change(layer, "down", block.down),
  }));
}
