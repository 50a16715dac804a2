import { type GainWork, type KeepGains, keepBy } from "./kept-gains.ts";
import { endOfGroup } from "./rises.ts";

const { fround } = Math;

/** Keeps gains in plain typed arrays. */
export const plainGains: KeepGains = ({ data, offset, shape, stride }, cover) => {
  const [points, candidates] = shape;
  const [rowStride, colStride] = stride;
  const losses = new Float64Array(candidates);
  const addLosses = (point: number, old: number, raised: number): void => {
    let at = offset + point * rowStride;
    for (let j = 0; j < candidates; j++, at += colStride) {
      const before = fround(fround(data[at]) - old);
      if (before > 0) losses[j] += before - Math.max(0, fround(fround(data[at]) - raised));
    }
  };
  const work: GainWork = {
    sum(gains) {
      for (let i = points - 1; i >= 0; i--) {
        const low = cover[i];
        let at = offset + i * rowStride;
        for (let j = 0; j < candidates; j++, at += colStride) {
          const rise = fround(fround(data[at]) - low);
          if (rise > 0) gains[j] += rise;
        }
      }
      return false;
    },
    lower(gains, rises, slack) {
      for (let first = 0, end = 0; first < rises.count; first = end) {
        end = endOfGroup(rises, first, slack);
        losses.fill(0);
        for (let t = first; t < end; t++) addLosses(rises.points[t], rises.olds[t], rises.raised[t]);
        for (let j = 0; j < candidates; j++) gains[j] -= losses[j];
      }
    },
  };
  return keepBy(work, candidates, cover);
};
