import * as tf from "@tensorflow/tfjs-core";
import { attention, visibility } from "../blocks/attention.ts";
import { type BlockWeights, feed, turning, windowed } from "../blocks/block.ts";
import { normalize } from "../blocks/norm.ts";
import { rowsOf } from "../blocks/parameter.ts";
import { project } from "../blocks/projection.ts";
import type { RotaryTable } from "../blocks/rotary.ts";
import { rotaryFrequencies } from "../blocks/rotary-frequencies.ts";
import { takeRows } from "../blocks/rows.ts";
import { turn } from "../blocks/turn.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import type { ModelWeights } from "../model/weights.ts";
import { type BlockCache, extended, look, takenSequences, withoutColumns } from "./cache.ts";
import { type Columns, columnMask, firstSeen, PADDING } from "./columns.ts";

/** Sequences being read piece by piece, side by side. It owns its cache. */
export interface Decoder {
  /** Tokens of each sequence read so far. */
  readonly seen: Int32Array;
  /**
   * Reads more tokens of every sequence.
   *
   * @param ids - `[sequences, tokens]`, padded on the right.
   * @param lengths - How many of them are tokens, at least 1 of each sequence.
   * @param rows - Places `b * tokens + t` whose output is wanted.
   * @returns The last block's output there, `[rows.length, hidden]`; the caller's to dispose of.
   */
  read(ids: Int32Array, lengths: Int32Array, rows: Int32Array): tf.Tensor;
  /** Goes on with the sequences at these places alone; a place may be named several times, each a sequence of its own then. */
  take(places: Int32Array): void;
  dispose(): void;
}

/**
 * Starts `sequences` sequences on weights without adapters.
 *
 * @remarks Keys and values are cached, and forgotten where no window reaches them any more. Sequences of different lengths stand side by
 *   side: a column of the cache has a position in each sequence, or is padding there, and who sees whom follows from positions alone.
 */
export function startDecoder(weights: ModelWeights, config: ModelConfig, sequences: number): Decoder {
  const { rope, rotaryDim, headDim, numAttentionHeads: heads, numKeyValueHeads: kvHeads } = config;
  const frequencies = rope && rotaryFrequencies(rotaryDim, rope);
  let caches: BlockCache[] = [];
  let columns: Columns = [];
  let seen = new Int32Array(sequences);

  /** Attention of the new tokens over themselves alone: nothing was read before. */
  const lookFirst = (
    block: BlockWeights,
    parts: tf.Tensor[],
    tokens: number,
    lengths: Int32Array,
  ): tf.Tensor => {
    const [q, k, v] = parts;
    const shape = { batch: seen.length, tokens, heads, kvHeads, headSize: headDim };
    const visible = visibility(lengths, tokens, headDim, [block.window]);
    return attention(q, k, v, windowed(block, shape), visible).context;
  };

  return {
    get seen() {
      return seen.slice();
    },
    read(ids, lengths, rows) {
      const count = seen.length;
      const tokens = ids.length / count;
      const now = positionsOf(seen, lengths, tokens);
      const added = Array.from({ length: tokens }, (_, t) => seen.map((_, b) => now[b * tokens + t]));
      columns = [...columns, ...added];
      const after = seen.map((length, b) => length + lengths[b]);
      const last = weights.blocks.length - 1;
      const { y, grown } = tf.tidy(() => {
        const rotary = frequencies ? { rotary: rotaryAt(frequencies, now) } : {};
        const setting = { shape: { headSize: headDim }, ...rotary };
        // one for all blocks of a window: they have forgotten the same columns
        const masks = new Map<number | undefined, tf.Tensor | undefined>();
        for (const [layer, { from }] of caches.entries()) {
          const { window } = weights.blocks[layer];
          if (!masks.has(window)) masks.set(window, columnMask(columns, from, now, window));
        }
        let x = embedAt(weights, ids, now);
        const grown = weights.blocks.map((block, layer) => {
          const { next, cache } = tf.tidy(() => {
            const [rawQ, rawK, v] = project(block.projections, normalize(x, block.attentionNorm));
            const { q, k } = turn(rawQ, rawK, turning(block, setting));
            const before = caches.at(layer);
            const whole = extended(before, k, v, config, count);
            const context = before
              ? look(q, whole, config, count, masks.get(block.window))
              : lookFirst(block, [q, k, v], tokens, lengths);
            const asked = (all: tf.Tensor): tf.Tensor => (layer === last ? takeRows(all, rows) : all);
            const cache = withoutColumns(whole, firstSeen(columns, after, block.window));
            return { next: feed(block, asked(x), asked(context)).y, cache };
          });
          x.dispose();
          x = next;
          return cache;
        });
        return { y: x, grown };
      });
      free(caches);
      caches = grown;
      seen = after;
      return y;
    },
    take(places) {
      caches = caches.map((cache) => takenSequences(cache, places, seen.length));
      columns = columns.map((column) => Int32Array.from(places, (b) => column[b]));
      seen = Int32Array.from(places, (b) => seen[b]);
    },
    dispose() {
      free(caches);
      caches = [];
    },
  };
}

/** Pieces of several sequences as one `[sequences, tokens]`, padded on the right with token 0, which nobody sees. */
export function sideBySide(parts: readonly Int32Array[]): {
  ids: Int32Array;
  lengths: Int32Array;
  tokens: number;
} {
  const lengths = Int32Array.from(parts, ({ length }) => length);
  const tokens = lengths.reduce((most, length) => Math.max(most, length), 0);
  const ids = new Int32Array(parts.length * tokens);
  for (const [b, part] of parts.entries()) ids.set(part, b * tokens);
  return { ids, lengths, tokens };
}

function free(caches: readonly BlockCache[]): void {
  for (const { keys, values } of caches) tf.dispose([keys, values]);
}

/** Positions of new tokens, `[sequences, tokens]`. */
function positionsOf(seen: Int32Array, lengths: Int32Array, tokens: number): Int32Array {
  return Int32Array.from({ length: seen.length * tokens }, (_, i) => {
    const [b, t] = [Math.floor(i / tokens), i % tokens];
    return t < lengths[b] ? seen[b] + t : PADDING;
  });
}

/** The vectors of tokens at positions, `[ids.length, hidden]`; padding stands at position 0. */
function embedAt({ embedding, positions }: ModelWeights, ids: Int32Array, now: Int32Array): tf.Tensor {
  const words = rowsOf(embedding, ids);
  if (!positions) return words;
  const places = now.map((position) => Math.max(position, 0));
  return tf.add(words, rowsOf(positions, places));
}

/** The rotary table with a row for each token, as of one sequence. */
function rotaryAt(frequencies: Float64Array, now: Int32Array): RotaryTable {
  const half = frequencies.length;
  const angles = Float64Array.from({ length: now.length * half }, (_, i) => {
    return now[Math.floor(i / half)] * frequencies[i % half];
  });
  const table = (values: Float32Array): tf.Tensor => tf.tensor(values, [now.length, half]);
  return {
    cosine: table(Float32Array.from(angles, Math.cos)),
    sine: table(Float32Array.from(angles, Math.sin)),
  };
}
