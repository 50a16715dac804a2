import type { Example, ListOf } from "@colm/data";
import { learnedTokens } from "./learned-tokens.ts";

/** What is known of every example without holding any. */
export interface ListFacts {
  readonly sources: readonly string[];
  /** Tokens of each. */
  readonly lengths: number[];
  /** Tokens learned of each. */
  readonly targets: number[];
}

/**
 * Some examples of a list, which may be read on demand.
 *
 * @param name - What messages call the list.
 * @throws {Error} If one cannot be read: which, and why.
 */
export async function takeExamples(
  name: string,
  list: ListOf<Example>,
  places: ArrayLike<number>,
): Promise<Example[]> {
  if (!("get" in list)) return Array.from(places, (at) => list[at]);
  return Promise.all(
    Array.from(places, async (at) => {
      try {
        return await list.get(at);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`train: "${name}" must stay readable, got ${reason} at example ${at}`, { cause });
      }
    }),
  );
}

/** Reads a list once and keeps what is small of each example; `see` is shown each. */
export async function listFacts(
  name: string,
  list: ListOf<Example>,
  see?: (example: Example, place: number) => void,
): Promise<ListFacts> {
  const sources: string[] = [];
  const lengths: number[] = [];
  const targets: number[] = [];
  for (let i = 0; i < list.length; i++) {
    const [example] = await takeExamples(name, list, [i]);
    see?.(example, i);
    const { source = "" } = example;
    sources.push(source);
    lengths.push(example.inputIds.length);
    targets.push(learnedTokens(example));
  }
  return { sources, lengths, targets };
}
