// Sums over coordinates of all pairs of rows. Rows are `cols` float32 apart, `cols` a multiple of 4, and all ranges of
// rows are multiples of 4: the caller pads with zeros.

/** Coordinates that are summed in float32 before they join a float64 total. */
const BLOCK: usize = 256 * 4;
/** Rows of the second factor that stay in the cache while the rows of the first pass by. */
const PANEL: i32 = 16;

// the three kinds of terms, told apart when the generic functions are compiled
type Absolute = i8;
type Square = i16;
type Product = i32;

function step<Kind>(sum: v128, u: v128, v: v128): v128 {
  if (sizeof<Kind>() === sizeof<Product>()) return f32x4.add(sum, f32x4.mul(u, v));
  const d = f32x4.sub(u, v);
  if (sizeof<Kind>() === sizeof<Absolute>()) return f32x4.add(sum, f32x4.abs(d));
  return f32x4.add(sum, f32x4.mul(d, d));
}

function addHalves(v: v128): v128 {
  const high = i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(high));
}

/** The sums of the lanes of both in float64, (0 + 1) + (2 + 3), added to the two float64 at `out`. */
function addTotals(out: usize, a: v128, b: v128): void {
  const low = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const high = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(out, f64x2.add(v128.load(out), f64x2.add(addHalves(low), addHalves(high))));
}

/** Two rows against four, over `bytes` of their coordinates; totals of the second row stand `width` further. */
function tile<Kind>(a: usize, b: usize, row: usize, bytes: usize, out: usize, width: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  const a1 = a + row;
  const b1 = b + row;
  const b2 = b1 + row;
  const b3 = b2 + row;
  for (let t: usize = 0; t < bytes; t += 16) {
    const u = v128.load(a + t);
    const v = v128.load(a1 + t);
    let w = v128.load(b + t);
    s00 = step<Kind>(s00, u, w);
    s10 = step<Kind>(s10, v, w);
    w = v128.load(b1 + t);
    s01 = step<Kind>(s01, u, w);
    s11 = step<Kind>(s11, v, w);
    w = v128.load(b2 + t);
    s02 = step<Kind>(s02, u, w);
    s12 = step<Kind>(s12, v, w);
    w = v128.load(b3 + t);
    s03 = step<Kind>(s03, u, w);
    s13 = step<Kind>(s13, v, w);
  }
  addTotals(out, s00, s01);
  addTotals(out + 16, s02, s03);
  addTotals(out + width, s10, s11);
  addTotals(out + width + 16, s12, s13);
}

/**
 * Rows `[first, last)` of `x` against rows `[from, rows)`; `out` holds `last - first` rows of `rows - from` float64.
 * Kind 0 sums absolute differences, 1 squared differences, others products.
 */
export function pairs(
  x: usize,
  rows: i32,
  cols: i32,
  first: i32,
  last: i32,
  from: i32,
  out: usize,
  kind: i32,
): void {
  const row = (<usize>cols) << 2;
  const width = (<usize>(rows - from)) << 3;
  memory.fill(out, 0, width * <usize>(last - first));
  for (let start: usize = 0; start < row; start += BLOCK) {
    const bytes = min(BLOCK, row - start);
    for (let panel = from; panel < rows; panel += PANEL) {
      const end = min(panel + PANEL, rows);
      for (let i = first; i < last; i += 2) {
        const a = x + <usize>i * row + start;
        for (let j = panel; j < end; j += 4) {
          const b = x + <usize>j * row + start;
          const at = out + <usize>(i - first) * width + ((<usize>(j - from)) << 3);
          if (kind === 0) tile<Absolute>(a, b, row, bytes, at, width);
          else if (kind === 1) tile<Square>(a, b, row, bytes, at, width);
          else tile<Product>(a, b, row, bytes, at, width);
        }
      }
    }
  }
}

/** Two float64 sums as what is compared, in float32: kind 1 takes roots, 3 divides by the lengths of both rows. */
function score(sums: v128, kind: i32, own: v128, others: usize): v128 {
  if (kind === 1) sums = f64x2.sqrt(sums);
  if (kind === 3) sums = f64x2.div(sums, f64x2.mul(own, v128.load(others)));
  return f32x4.demote_f64x2_zero(sums);
}

/**
 * The sums of `count` rows, `sumsWidth` apart, as float32 rows of `width` entries; lengths of the rows stand at `own`, of
 * what they are compared with at `others`. Writes up to 4 bytes more. Returns the largest, at least 0, or NaN if any is
 * not finite.
 */
export function scores(
  sums: usize,
  sumsWidth: i32,
  count: i32,
  width: i32,
  kind: i32,
  own: usize,
  others: usize,
  out: usize,
): f32 {
  let top = f32x4.splat(0);
  let strange = top;
  for (let i = 0; i < count; i++) {
    const length = v128.load64_splat(own + ((<usize>i) << 3));
    const row = sums + ((<usize>(i * sumsWidth)) << 3);
    const to = out + ((<usize>(i * width)) << 2);
    for (let j = 0; j < width; j += 2) {
      const at = (<usize>j) << 3;
      const two = j + 1 < width ? v128.load(row + at) : v128.load64_zero(row + at);
      const found = score(two, kind, length, others + at);
      v128.store64_lane(to + (at >> 1), found, 0);
      top = f32x4.pmax(top, found);
      // 0 for a finite number
      strange = f32x4.add(strange, f32x4.sub(found, found));
    }
  }
  const doubt = f32x4.extract_lane(strange, 0) + f32x4.extract_lane(strange, 1);
  return doubt + max(f32x4.extract_lane(top, 0), f32x4.extract_lane(top, 1));
}
