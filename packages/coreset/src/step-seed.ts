import { uniform } from "@colm/array";

/** What a selector draws at random. */
export type Purpose = "examples" | "overflow" | "quotas";

/** Each purpose has a stream of the seed that no other part of @colm uses. */
const STREAMS: Readonly<Record<Purpose, number>> = {
  examples: 2 ** 32 - 2,
  overflow: 2 ** 32 - 3,
  quotas: 2 ** 32 - 4,
};

/** The seed of one draw: entry `step` of the purpose's stream, so any step can be drawn again alone. */
export function stepSeed(seed: number, step: number, purpose: Purpose): number {
  const [share] = uniform(new Float64Array(1), { seed, stream: STREAMS[purpose], start: step });
  return share * 2 ** 53;
}
