/**
 * Weighted sums of the bits of `count` rows of a square matrix, the first of them row `first`, modulo 2^32:
 * byRow[i] = sum_j weights[j] bits[i, j], and byColumn[j] += weights[i] bits[i, j]. They agree on a symmetric matrix,
 * and with odd, scattered weights hardly ever on another one.
 */
export function fingerprint(
  rows: usize,
  first: i32,
  count: i32,
  size: i32,
  weights: usize,
  byRow: usize,
  byColumn: usize,
): void {
  const bytes = (<usize>size) << 2;
  for (let i = 0; i < count; i++) {
    const place = (<usize>(first + i)) << 2;
    const own = load<i32>(weights + place);
    const all = i32x4.splat(own);
    const row = rows + <usize>i * bytes;
    let sums = i32x4.splat(0);
    let t: usize = 0;
    for (; t < (bytes & ~15); t += 16) {
      const bits = v128.load(row + t);
      sums = i32x4.add(sums, i32x4.mul(bits, v128.load(weights + t)));
      v128.store(byColumn + t, i32x4.add(v128.load(byColumn + t), i32x4.mul(bits, all)));
    }
    let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
    sum += i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
    for (; t < bytes; t += 4) {
      const bits = load<i32>(row + t);
      sum += bits * load<i32>(weights + t);
      store<i32>(byColumn + t, load<i32>(byColumn + t) + bits * own);
    }
    store<i32>(byRow + place, sum);
  }
}
