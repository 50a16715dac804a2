import { type KeepGains, UNIT } from "./kept-gains.ts";
import { endOfGroup, openRises, raiseCover } from "./rises.ts";

const { fround } = Math;
/** What the unit is multiplied with to cover one group of rises. */
const SLACK = 2 ** 33;

/** Keeps gains in plain typed arrays. */
export const plainGains: KeepGains = ({ data, offset, shape, stride }, cover) => {
  const [points, candidates] = shape;
  const [rowStride, colStride] = stride;
  const gains = new Float64Array(candidates);
  const losses = new Float64Array(candidates);
  const rises = openRises(points);
  let unit = 0;
  let roundings = 0;
  /** Sums all gains anew. */
  const renew = (): void => {
    gains.fill(0);
    for (let i = points - 1; i >= 0; i--) {
      const low = cover[i];
      let at = offset + i * rowStride;
      for (let j = 0; j < candidates; j++, at += colStride) {
        const rise = fround(fround(data[at]) - low);
        if (rise > 0) gains[j] += rise;
      }
    }
    unit = gains.reduce((a, b) => Math.max(a, b), 0) * UNIT;
    roundings = 0;
  };
  const addLosses = (point: number, old: number, raised: number): void => {
    let at = offset + point * rowStride;
    for (let j = 0; j < candidates; j++, at += colStride) {
      const before = fround(fround(data[at]) - old);
      if (before > 0) losses[j] += before - Math.max(0, fround(fround(data[at]) - raised));
    }
  };
  renew();
  return {
    gains,
    symmetric: false,
    get unit() {
      return unit;
    },
    get roundings() {
      return roundings;
    },
    grow(item, read) {
      const gain = raiseCover(cover, read(item), rises);
      const { count } = rises;
      if (2 * count > points) {
        renew();
        return gain;
      }
      for (let first = 0, end = 0; first < count; first = end) {
        end = endOfGroup(rises, first, unit * SLACK);
        losses.fill(0);
        for (let t = first; t < end; t++) addLosses(rises.points[t], rises.olds[t], rises.raised[t]);
        for (let j = 0; j < candidates; j++) {
          if (losses[j] > 0) gains[j] -= Math.max(losses[j], unit);
        }
      }
      // the sum that would start anew is rounded for every point as well
      if (count > 0) roundings += roundings === 0 ? count + points : count;
      return gain;
    },
  };
};
