/** Means of a per-example value over a held-out set; a mean over nothing is NaN. */
export interface Evaluation {
  /** Mean over all examples: the mixture as it is. */
  readonly micro: number;
  /** Mean of the sources' means: every source counts the same. */
  readonly macro: number;
  /** Mean of the small sources' means. */
  readonly small: number;
  /** Of held-out losses: `exp` of the mean over all labelled tokens. */
  readonly perplexity?: number;
  /** Mean of each source that has held-out examples, by name. */
  readonly sources: readonly SourceMean[];
}

/** Mean over the held-out examples of one source. */
export interface SourceMean {
  readonly name: string;
  readonly examples: number;
  readonly mean: number;
}

/** The means of per-example values over all, over sources and over small sources. */
export function summarize(
  values: ArrayLike<number>,
  sources: readonly string[],
  smallSources: readonly string[],
): Evaluation {
  const groups = new Map<string, number[]>();
  for (const [i, source] of sources.entries()) {
    const group = groups.get(source) ?? [];
    group.push(values[i]);
    groups.set(source, group);
  }
  const perSource = [...groups.keys()].sort().map((name) => {
    const group = groups.get(name) ?? [];
    return { name, examples: group.length, mean: mean(group) };
  });
  const small = perSource.filter(({ name }) => smallSources.includes(name));
  return {
    micro: mean(Array.from(values)),
    macro: mean(perSource.map((source) => source.mean)),
    small: mean(small.map((source) => source.mean)),
    sources: perSource,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
