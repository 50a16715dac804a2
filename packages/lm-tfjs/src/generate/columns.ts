import * as tf from "@tensorflow/tfjs-core";

/** In place of a position: nothing stands here. */
export const PADDING = -1;

/** Columns of a cache in which sequences stand side by side: the position that each has in each sequence, or `PADDING`. */
export type Columns = readonly Int32Array[];

/** How many of the first columns no token to come will see: padding, or before the window of the sequence's next token. */
export function firstSeen(columns: Columns, seen: Int32Array, window: number | undefined): number {
  if (window === undefined) return 0;
  const visible = columns.findIndex((column) =>
    column.some((position, b) => position !== PADDING && position > seen[b] - window),
  );
  return visible < 0 ? columns.length : visible;
}

/**
 * Additive mask of attention, `[sequences, 1, tokens, columns]`, 0 where a token may look and very negative elsewhere: at padding, at
 * positions behind its own, and at those before its window. Undefined where everything may be looked at.
 *
 * @param from - Columns before this one are left out.
 * @param now - Positions of the tokens that look, `[sequences, tokens]`; padding may look anywhere.
 */
export function columnMask(
  columns: Columns,
  from: number,
  now: Int32Array,
  window: number = Number.POSITIVE_INFINITY,
): tf.Tensor | undefined {
  const kept = columns.slice(from);
  const sequences = columns[0].length;
  const tokens = now.length / sequences;
  const mask = new Float32Array(now.length * kept.length);
  let hidden = false;
  for (const [i, position] of now.entries()) {
    if (position === PADDING) continue;
    const b = Math.floor(i / tokens);
    for (let c = 0; c < kept.length; c++) {
      const key = kept[c][b];
      if (key !== PADDING && key <= position && position - key < window) continue;
      mask[i * kept.length + c] = -1e30;
      hidden = true;
    }
  }
  return hidden ? tf.tensor(mask, [sequences, 1, tokens, kept.length]) : undefined;
}
