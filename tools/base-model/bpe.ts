/**
 * Byte-pair encoding: joins the most frequent neighbouring pair until there are `count` joins (Sennrich, Haddow & Birch,
 * "Neural Machine Translation of Rare Words with Subword Units", 2016). Equal counts: the pair that sorts first.
 */
export function trainMerges(words: ReadonlyMap<string, number>, count: number): [string, string][] {
  let pieces = [...words].map(([word, weight]) => ({ parts: [...word], weight }));
  const merges: [string, string][] = [];
  while (merges.length < count) {
    const best = mostFrequentPair(pieces);
    if (best === undefined) break;
    merges.push(best);
    pieces = pieces.map(({ parts, weight }) => ({ parts: join(parts, best), weight }));
  }
  return merges;
}

type Pieces = { readonly parts: readonly string[]; readonly weight: number }[];

function mostFrequentPair(pieces: Pieces): [string, string] | undefined {
  const counts = new Map<string, number>();
  for (const { parts, weight } of pieces) {
    for (let i = 1; i < parts.length; i++) {
      const pair = `${parts[i - 1]} ${parts[i]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + weight);
    }
  }
  const [first] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (first === undefined) return undefined;
  const [left, right] = first[0].split(" ");
  return [left, right];
}

function join(parts: readonly string[], [left, right]: readonly [string, string]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === left && parts[i + 1] === right) {
      joined.push(left + right);
      i++;
    } else joined.push(parts[i]);
  }
  return joined;
}
