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

/**
 * The means of per-example values over all, over sources and over small sources.
 *
 * @param weights - How much each example counts within its source and in the mixture, `sum_i w_i v_i / sum_i w_i`; all alike by default.
 */
export function summarize(
  values: ArrayLike<number>,
  sources: readonly string[],
  smallSources: readonly string[],
  weights: ArrayLike<number> = new Uint8Array(values.length).fill(1),
): Evaluation {
  const groups = new Map<string, number[]>();
  for (const [i, source] of sources.entries()) {
    const group = groups.get(source) ?? [];
    group.push(i);
    groups.set(source, group);
  }
  const weighted = (places: readonly number[]): number => {
    let [sum, weight] = [0, 0];
    for (const i of places) {
      sum += weights[i] * values[i];
      weight += weights[i];
    }
    return sum / weight;
  };
  const perSource = [...groups.keys()].sort().map((name) => {
    const group = groups.get(name) ?? [];
    return { name, examples: group.length, mean: weighted(group) };
  });
  const small = perSource.filter(({ name }) => smallSources.includes(name));
  return {
    micro: weighted([...sources.keys()]),
    macro: mean(perSource.map((source) => source.mean)),
    small: mean(small.map((source) => source.mean)),
    sources: perSource,
  };
}

/** Every mean of an evaluation, changed. */
export function mapMeans(evaluation: Evaluation, change: (mean: number) => number): Evaluation {
  const { micro, macro, small, sources } = evaluation;
  return {
    micro: change(micro),
    macro: change(macro),
    small: change(small),
    sources: sources.map((source) => ({ ...source, mean: change(source.mean) })),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
