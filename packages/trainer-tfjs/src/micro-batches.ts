/**
 * Cuts a batch into micro-batches of examples of like length, so that little is padded.
 *
 * @param lengths - Tokens of each example.
 * @param size - The most examples in a micro-batch, at least 1.
 * @returns Positions in `lengths`, longest first, equal lengths in their order; each position once.
 */
export function microBatches(lengths: readonly number[], size: number): number[][] {
  const positions = [...lengths.keys()].sort((a, b) => lengths[b] - lengths[a] || a - b);
  const groups: number[][] = [];
  for (let start = 0; start < positions.length; start += size) {
    groups.push(positions.slice(start, start + size));
  }
  return groups;
}
