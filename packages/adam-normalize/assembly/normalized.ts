import { normalized, setMoments } from "./adam";
import { fillTile, gradientAt, setGradients } from "./tile";

/** `u` of two columns of the row whose gradients stand at byte `from`, as float64. */
function normalizedPair(at: usize, from: usize): v128 {
  return f64x2.promote_low_f32x4(normalized(at, gradientAt(from)));
}

/** `|sum / size|` of two columns as float32 in the lower lanes. */
function score(sum: v128, size: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.abs(f64x2.div(sum, size)));
}

/**
 * `|mean of u_ij|` over the `count` rows listed at `rows`, each entry and the mean rounded to float32, for `width` columns, a
 * multiple of 8.
 *
 * @param z - Directions, float32, `zRow` bytes from one to the next.
 * @param m - First moments of the columns, float64.
 * @param v - Second moments.
 * @param weights - `c_ik / q`, float64, `q` for each row.
 * @param tile - Room for `8 q` float64.
 * @param out - `width` float32.
 */
export function normalizedScores(
  z: usize,
  zRow: usize,
  m: usize,
  v: usize,
  width: i32,
  weights: usize,
  q: i32,
  rows: usize,
  count: i32,
  tile: usize,
  out: usize,
): void {
  const size = f64x2.splat(<f64>count);
  for (let j: usize = 0; j < <usize>width; j += 8, out += 32) {
    fillTile(tile, z + (j << 2), zRow, q);
    setMoments(m + (j << 3), v + (j << 3));
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let r = 0; r < count; r += 2) {
      setGradients(tile, weights, q, rows, r, count);
      a = f64x2.add(a, normalizedPair(0, 0));
      b = f64x2.add(b, normalizedPair(16, 16));
      c = f64x2.add(c, normalizedPair(32, 32));
      d = f64x2.add(d, normalizedPair(48, 48));
      if (r + 1 === count) break;
      a = f64x2.add(a, normalizedPair(0, 64));
      b = f64x2.add(b, normalizedPair(16, 80));
      c = f64x2.add(c, normalizedPair(32, 96));
      d = f64x2.add(d, normalizedPair(48, 112));
    }
    v128.store64_lane(out, score(a, size), 0);
    v128.store64_lane(out, score(b, size), 0, 8);
    v128.store64_lane(out, score(c, size), 0, 16);
    v128.store64_lane(out, score(d, size), 0, 24);
  }
}

/** The entries `u_ij` themselves: `count` rows of `width` float32 to `out`. The other arguments are those of `normalizedScores`. */
export function normalizedRows(
  z: usize,
  zRow: usize,
  m: usize,
  v: usize,
  width: i32,
  weights: usize,
  q: i32,
  rows: usize,
  count: i32,
  tile: usize,
  out: usize,
): void {
  for (let j: usize = 0; j < <usize>width; j += 8) {
    fillTile(tile, z + (j << 2), zRow, q);
    setMoments(m + (j << 3), v + (j << 3));
    for (let r = 0; r < count; r += 2) {
      setGradients(tile, weights, q, rows, r, count);
      let to = out + ((<usize>r * <usize>width + j) << 2);
      const end = min(128, (count - r) << 6);
      for (let from = 0; from < end; from += 64, to += (<usize>width) << 2) {
        for (let at: usize = 0; at < 64; at += 16) {
          v128.store64_lane(to + (at >> 1), normalized(at, gradientAt(from + at)), 0);
        }
      }
    }
  }
}
