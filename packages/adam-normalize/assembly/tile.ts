// Eight columns of all directions, as float64, and the gradients of two rows at them.

/** Where the gradients of the current two rows stand: sixteen float64, row by row. */
const GRADIENTS: usize = 64;
/** Bytes of eight float64. */
const ROW: usize = 64;

/** Copies eight columns of the `q` directions, float32 and `zRow` bytes apart, to `tile`, direction by direction. */
export function fillTile(tile: usize, z: usize, zRow: usize, q: i32): void {
  for (let k = 0; k < q; k++, tile += ROW, z += zRow) {
    v128.store(tile, f64x2.promote_low_f32x4(v128.load64_zero(z)));
    v128.store(tile, f64x2.promote_low_f32x4(v128.load64_zero(z, 8)), 16);
    v128.store(tile, f64x2.promote_low_f32x4(v128.load64_zero(z, 16)), 32);
    v128.store(tile, f64x2.promote_low_f32x4(v128.load64_zero(z, 24)), 48);
  }
}

/**
 * `g_ij = sum_k w_ik z_kj` at the eight columns of the tile for rows `r` and `r + 1` of the list, summed in the order of the
 * directions. The last row of a list of odd length stands for its successor too.
 */
export function setGradients(tile: usize, weights: usize, q: i32, rows: usize, r: i32, count: i32): void {
  const bytes = (<usize>q) << 3;
  let one = weights + bytes * <usize>load<i32>(rows + ((<usize>r) << 2));
  let two = weights + bytes * <usize>load<i32>(rows + ((<usize>min(r + 1, count - 1)) << 2));
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (let k = 0; k < q; k++, tile += ROW, one += 8, two += 8) {
    const v = v128.load64_splat(one);
    const w = v128.load64_splat(two);
    let z = v128.load(tile);
    a = f64x2.add(a, f64x2.mul(v, z));
    e = f64x2.add(e, f64x2.mul(w, z));
    z = v128.load(tile, 16);
    b = f64x2.add(b, f64x2.mul(v, z));
    f = f64x2.add(f, f64x2.mul(w, z));
    z = v128.load(tile, 32);
    c = f64x2.add(c, f64x2.mul(v, z));
    g = f64x2.add(g, f64x2.mul(w, z));
    z = v128.load(tile, 48);
    d = f64x2.add(d, f64x2.mul(v, z));
    h = f64x2.add(h, f64x2.mul(w, z));
  }
  v128.store(GRADIENTS, a);
  v128.store(GRADIENTS, b, 16);
  v128.store(GRADIENTS, c, 32);
  v128.store(GRADIENTS, d, 48);
  v128.store(GRADIENTS, e, 64);
  v128.store(GRADIENTS, f, 80);
  v128.store(GRADIENTS, g, 96);
  v128.store(GRADIENTS, h, 112);
}

/** Two of the entries that `setGradients` wrote, from byte `at` on; the second row begins at byte 64. */
export function gradientAt(at: usize): v128 {
  return v128.load(GRADIENTS + at);
}
