import { fillTile, gradientAt, setGradients } from "./tile";

/**
 * For `width` columns, a multiple of 8: the sums of `g_ij` over the `count` rows listed at `rows`, and behind all of them the sums
 * of `g_ij^2`. The arguments are those of `normalizedScores`.
 */
export function gradientSums(
  z: usize,
  zRow: usize,
  _m: usize,
  _v: usize,
  width: i32,
  weights: usize,
  q: i32,
  rows: usize,
  count: i32,
  tile: usize,
  out: usize,
): void {
  const squares = out + ((<usize>width) << 3);
  memory.fill(out, 0, (<usize>width) << 4);
  for (let j: usize = 0; j < <usize>width; j += 8) {
    fillTile(tile, z + (j << 2), zRow, q);
    for (let r = 0; r < count; r += 2) {
      setGradients(tile, weights, q, rows, r, count);
      for (let at: usize = 0; at < 64; at += 16) {
        const place = (j << 3) + at;
        let sum = v128.load(out + place);
        let square = v128.load(squares + place);
        let g = gradientAt(at);
        sum = f64x2.add(sum, g);
        square = f64x2.add(square, f64x2.mul(g, g));
        if (r + 1 < count) {
          g = gradientAt(64 + at);
          sum = f64x2.add(sum, g);
          square = f64x2.add(square, f64x2.mul(g, g));
        }
        v128.store(out + place, sum);
        v128.store(squares + place, square);
      }
    }
  }
}
