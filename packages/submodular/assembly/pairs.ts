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

/** The sum of the four lanes in float64: (0 + 1) + (2 + 3). */
function total(sum: v128): f64 {
  const low = <f64>f32x4.extract_lane(sum, 0) + <f64>f32x4.extract_lane(sum, 1);
  const high = <f64>f32x4.extract_lane(sum, 2) + <f64>f32x4.extract_lane(sum, 3);
  return low + high;
}

/** Adds four totals to the float64 at `out`. */
function flush(out: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  store<f64>(out, load<f64>(out) + total(s0));
  store<f64>(out, load<f64>(out, 8) + total(s1), 8);
  store<f64>(out, load<f64>(out, 16) + total(s2), 16);
  store<f64>(out, load<f64>(out, 24) + total(s3), 24);
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
  flush(out, s00, s01, s02, s03);
  flush(out + width, s10, s11, s12, s13);
}

/**
 * Rows `[first, last)` of `x` against rows `[from, rows)`; `out` holds `last - first` rows of `rows - from` float64. Kind
 * 0 sums absolute differences, 1 squared differences, 2 products.
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
