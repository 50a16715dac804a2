import * as tf from "@tensorflow/tfjs-core";
import { attention, visibility } from "../blocks/attention.ts";
import { type BlockWeights, feed, turning } from "../blocks/block.ts";
import { embed } from "../blocks/embedding.ts";
import { headLogits } from "../blocks/head.ts";
import { mergedWeight } from "../blocks/linear.ts";
import { normalize } from "../blocks/norm.ts";
import { project } from "../blocks/projection.ts";
import { rotaryTable } from "../blocks/rotary.ts";
import { rotaryFrequencies } from "../blocks/rotary-frequencies.ts";
import { takeRows } from "../blocks/rows.ts";
import { turn } from "../blocks/turn.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import { type ModelWeights, mapLinears } from "../model/weights.ts";

/** Keys `[kvHeads, size, seen]` and values `[kvHeads, seen, size]` of one block for the tokens so far, those within its window. */
type BlockCache = { readonly keys: tf.Tensor; readonly values: tf.Tensor };

/** A sequence being read token by token. It owns its cache. */
export interface Decoder {
  /** Tokens read so far. */
  readonly seen: number;
  /** Reads more tokens, several at first and one at a time then, and returns the logits of the next one, `[vocabulary]`. */
  read(ids: Int32Array): Promise<Float32Array>;
  dispose(): void;
}

/** Starts a sequence on weights without adapters. */
export function startDecoder(weights: ModelWeights, config: ModelConfig): Decoder {
  const { rope, rotaryDim, headDim } = config;
  const frequencies = rope && rotaryFrequencies(rotaryDim, rope);
  let caches: BlockCache[] = [];
  let seen = 0;
  return {
    get seen() {
      return seen;
    },
    async read(ids) {
      const { logits, grown } = tf.tidy(() => {
        const rotary = frequencies ? { rotary: rotaryTable(frequencies, ids.length, seen) } : {};
        const setting = { shape: { headSize: headDim }, ...rotary };
        const grown: BlockCache[] = [];
        let x = embed(weights, ids, ids.length, seen);
        weights.blocks.forEach((block, layer) => {
          const [rawQ, rawK, v] = project(block.projections, normalize(x, block.attentionNorm));
          const { q, k } = turn(rawQ, rawK, turning(block, setting));
          const cache = extend(caches[layer], k, v, config, block.window);
          grown.push(cache);
          const context = caches[layer] ? look(q, cache, config) : lookFirst(q, k, v, config, block);
          x = feed(block, x, context).y;
        });
        const last = takeRows(x, Int32Array.of(ids.length - 1));
        return { logits: headLogits(weights.head, last), grown };
      });
      tf.dispose(caches);
      caches = grown;
      seen += ids.length;
      const data = Float32Array.from(await logits.data());
      logits.dispose();
      return data;
    },
    dispose: () => tf.dispose(caches),
  };
}

function extend(
  before: BlockCache | undefined,
  k: tf.Tensor,
  v: tf.Tensor,
  { numKeyValueHeads, headDim }: ModelConfig,
  window: number | undefined,
): BlockCache {
  const [tokens] = k.shape;
  const keys = tf.transpose(tf.reshape(k, [tokens, numKeyValueHeads, headDim]), [1, 2, 0]);
  const values = tf.transpose(tf.reshape(v, [tokens, numKeyValueHeads, headDim]), [1, 0, 2]);
  if (!before) return withinWindow(keys, values, window);
  return withinWindow(tf.concat([before.keys, keys], 2), tf.concat([before.values, values], 1), window);
}

/** The last `window` keys and values: all that the newest token and those to come may look at. */
function withinWindow(keys: tf.Tensor, values: tf.Tensor, window: number | undefined): BlockCache {
  const [, seen] = values.shape;
  if (window === undefined || seen <= window) return { keys, values };
  const from = seen - window;
  return { keys: tf.slice(keys, [0, 0, from]), values: tf.slice(values, [0, from, 0]) };
}

/** Causal attention over the tokens of the first reading. */
function lookFirst(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  config: ModelConfig,
  { window }: BlockWeights,
): tf.Tensor {
  const [tokens] = q.shape;
  const shape = {
    batch: 1,
    tokens,
    heads: config.numAttentionHeads,
    kvHeads: config.numKeyValueHeads,
    headSize: config.headDim,
    ...(window === undefined ? {} : { window }),
  };
  const seen = visibility(Int32Array.of(tokens), tokens, config.headDim, [window]);
  return attention(q, k, v, shape, seen).context;
}

/** Attention of one token, which sees everything so far. */
function look(q: tf.Tensor, { keys, values }: BlockCache, config: ModelConfig): tf.Tensor {
  const { numAttentionHeads, numKeyValueHeads, headDim } = config;
  const queries = tf.reshape(q, [numKeyValueHeads, numAttentionHeads / numKeyValueHeads, headDim]);
  const scores = tf.mul(tf.matMul(queries, keys), 1 / Math.sqrt(headDim));
  return tf.reshape(tf.matMul(tf.softmax(scores), values), q.shape);
}

/** The weights with every adapter merged in, to be read many times; unmerged ones are shared. `dispose` frees the merged ones. */
export function mergedModel(weights: ModelWeights): { weights: ModelWeights; dispose(): void } {
  const made: tf.Variable[] = [];
  const blocks = mapLinears(weights.blocks, ({ adapter, ...plain }) => {
    if (!adapter) return plain;
    const value = tf.tidy(() => tf.variable(mergedWeight({ ...plain, adapter }), false));
    made.push(value);
    return { ...plain, weight: { name: plain.weight.name, value } };
  });
  return { weights: { ...weights, blocks }, dispose: () => tf.dispose(made) };
}
