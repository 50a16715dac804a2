import { uniform } from "@colm/array";

/** Where the item of one position comes from: the `draw`-th draw from `part`, counted from 0. */
export interface Draw {
  readonly part: number;
  readonly draw: number;
}

/**
 * The draws of a mixture in order: part `i` with share `w_i` is drawn once in each stretch of time `1 / w_i`, at a random
 * moment of it, `t_{i,e} = (e + u_{i,e}) / w_i`, and the draws of all parts follow one another by time.
 *
 * Before position `p` part `i` has been drawn `p w_i` times, give or take less than `1 + c w_i` for `c` parts: up to time
 * `t` each part has between `t w_i - 1` and `t w_i + 1` draws, all together between `t - c` and `t + c`. So the draw at
 * position `p` lies at a time in `[p - c, p + c]`, and is found without those before: O(c²) at most.
 */
export function* drawsFrom(position: number, shares: readonly number[], seed: number): Generator<Draw> {
  const from = Math.max(0, position - shares.length - 1);
  const next = shares.map((share, part) => firstAfter(from, share, seed, part));
  const times = next.map((draw, part) => timeOf(draw, shares[part], seed, part));
  for (let passed = next.reduce((sum, draws) => sum + draws, 0); ; passed++) {
    const part = times.reduce((best, time, i) => (time < times[best] ? i : best), 0);
    if (passed >= position) yield { part, draw: next[part] };
    times[part] = timeOf(++next[part], shares[part], seed, part);
  }
}

/** Draws of a part before time `from`. */
function firstAfter(from: number, share: number, seed: number, part: number): number {
  let draw = Math.floor(from * share);
  while (draw > 0 && timeOf(draw - 1, share, seed, part) >= from) draw--;
  while (timeOf(draw, share, seed, part) < from) draw++;
  return draw;
}

const moment = new Float64Array(1);

function timeOf(draw: number, share: number, seed: number, part: number): number {
  uniform(moment, { seed, stream: part, start: draw });
  return (draw + moment[0]) / share;
}
