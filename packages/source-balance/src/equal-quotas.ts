/** The same for every source, as far as it has that many; what does not divide goes to the larger ones, the lower of equals. */
export function equalQuotas(counts: ArrayLike<number>, budget: number): Int32Array {
  const shares = new Int32Array(counts.length);
  // smallest sources first: whoever has less than its part leaves the rest to those behind
  const ascending = Array.from(shares.keys()).sort((a, b) => counts[a] - counts[b] || b - a);
  let left = budget;
  for (let k = 0; k < ascending.length; k++) {
    const s = ascending[k];
    shares[s] = Math.min(counts[s], Math.floor(left / (ascending.length - k)));
    left -= shares[s];
  }
  return shares;
}
