/** The finaliser of MurmurHash3 (Appleby 2011): neighbouring numbers become unrelated ones. */
function scatter(j: i32): i32 {
  let h = <u32>(j + 1) * 0x9e3779b1;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return <i32>(h ^ (h >> 16));
}

/**
 * Starts fingerprints of `size` rows: weights, sums over rows and sums over columns, one int32 each, `bytes` apart and
 * filled up with zeros.
 */
export function begin(print: usize, size: i32, bytes: usize): void {
  memory.fill(print, 0, 3 * bytes);
  for (let j = 0; j < size; j++) store<i32>(print + ((<usize>j) << 2), scatter(j) | 1);
}

/**
 * Other bits for each entry, one to one, as unrelated as chance: those of round numbers end in many zeros, and so do the
 * differences between them.
 */
function mix(bits: v128): v128 {
  const high = i32x4.mul(v128.xor(bits, i32x4.shr_u(bits, 16)), i32x4.splat(0x85ebca6b));
  return v128.xor(high, i32x4.shr_u(high, 15));
}

/**
 * Weighted sums of the bits of `count` rows of a square matrix, the first of them row `first`, modulo 2^32, on both sides
 * of the diagonal: byRow[i] = sum_{j > i} weights[j] bits[i, j], and byColumn[j] += weights[i] bits[i, j] for j < i.
 */
export function look(rows: usize, first: i32, count: i32, size: i32, print: usize, bytes: usize): void {
  const byRow = print + bytes;
  const byColumn = byRow + bytes;
  for (let i = first; i < first + count; i++) {
    const place = (<usize>i) << 2;
    const diagonal = place & ~15;
    const own = i32x4.splat(load<i32>(print + place));
    let t: usize = 0;
    for (; t < diagonal; t += 16) {
      const left = i32x4.mul(mix(v128.load(rows + t)), own);
      v128.store(byColumn + t, i32x4.add(v128.load(byColumn + t), left));
    }
    const lane = i32x4.add(i32x4.splat(i & ~3), i32x4(0, 1, 2, 3));
    const bits = mix(v128.load(rows + t));
    const left = v128.and(i32x4.mul(bits, own), i32x4.lt_s(lane, i32x4.splat(i)));
    v128.store(byColumn + t, i32x4.add(v128.load(byColumn + t), left));
    let sums = v128.and(i32x4.mul(bits, v128.load(print + t)), i32x4.gt_s(lane, i32x4.splat(i)));
    for (t += 16; t < bytes; t += 16) {
      sums = i32x4.add(sums, i32x4.mul(mix(v128.load(rows + t)), v128.load(print + t)));
    }
    const half = i32x4.add(
      sums,
      i8x16.shuffle(sums, sums, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
    );
    store<i32>(byRow + place, i32x4.extract_lane(half, 0) + i32x4.extract_lane(half, 1));
    rows += (<usize>size) << 2;
  }
}

/**
 * Whether the sums over rows and over columns agree, once every row was seen: they do on a symmetric matrix. On another one
 * two rows differ at least. A row that differs in one entry never agrees, weights being odd; one that differs in several agrees
 * by a chance of about 2^(k - 32), where the differences of its mixed bits all end in k zeros.
 */
export function isSymmetric(print: usize, bytes: usize): bool {
  let apart = i32x4.splat(0);
  for (let t = print + bytes; t < print + 2 * bytes; t += 16) {
    apart = v128.or(apart, v128.xor(v128.load(t), v128.load(t + bytes)));
  }
  return !v128.any_true(apart);
}
