/**
 * Weighted sums of the bits of `count` rows of a square matrix, the first of them row `first`, modulo 2^32, on both sides
 * of the diagonal: byRow[i] = sum_{j > i} weights[j] bits[i, j], and byColumn[j] += weights[i] bits[i, j] for j < i. They
 * agree on a symmetric matrix, and with odd, scattered weights hardly ever on another one.
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
    let t: usize = 0;
    for (; t < (place & ~15); t += 16) {
      const left = i32x4.mul(v128.load(row + t), all);
      v128.store(byColumn + t, i32x4.add(v128.load(byColumn + t), left));
    }
    for (; t < place; t += 4) {
      store<i32>(byColumn + t, load<i32>(byColumn + t) + load<i32>(row + t) * own);
    }
    let sum: i32 = 0;
    for (t += 4; t < bytes && (t & 15) !== 0; t += 4) sum += load<i32>(row + t) * load<i32>(weights + t);
    let sums = i32x4.splat(0);
    for (; t + 16 <= bytes; t += 16) {
      sums = i32x4.add(sums, i32x4.mul(v128.load(row + t), v128.load(weights + t)));
    }
    for (; t < bytes; t += 4) sum += load<i32>(row + t) * load<i32>(weights + t);
    sum += i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
    store<i32>(byRow + place, sum + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3));
  }
}
