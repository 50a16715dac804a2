/** Every row counts the same: weights with sum 1. */
export function plainTarget(size: number): Float64Array {
  return new Float64Array(size).fill(1 / size);
}

/**
 * The rows of small sources have together the part `mass` of all weight, the others the rest, each row as much as the
 * others on its side. A side without rows leaves everything to the other.
 */
export function upweightedTarget(isSmall: readonly boolean[], mass: number): Float64Array {
  const smallRows = isSmall.filter(Boolean).length;
  const bigRows = isSmall.length - smallRows;
  if (smallRows === 0 || bigRows === 0) return plainTarget(isSmall.length);
  return Float64Array.from(isSmall, (small) => (small ? mass / smallRows : (1 - mass) / bigRows));
}
