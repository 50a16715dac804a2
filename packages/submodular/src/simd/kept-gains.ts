import type { Matrix } from "@colm/array";
import type { Growth, KeepGains, KeptGains } from "../kept-gains.ts";
import { openRises, raiseCover } from "../rises.ts";
import { copyRows } from "./copy-rows.ts";
import { fingerprint, fingerprintBytes } from "./fingerprint.ts";
import { type GainLayout, type GainViews, gainLayout } from "./gain-layout.ts";
import { type Workspace, withWorkspace } from "./workspace.ts";

/** Similarities up to this size are copied to the workspace as a whole. */
const WHOLE_BYTES = 2 ** 22;
/** Rows are copied in batches of about this size, which stay in the cache. */
const BATCH_BYTES = 2 ** 17;

/** Keeps gains by WebAssembly on similarities that stand anywhere. */
export const simdGains: KeepGains = (similarity, cover) => {
  const [points, candidates] = similarity.shape;
  return 4 * points * candidates <= WHOLE_BYTES
    ? wholeGains(similarity, cover)
    : batchGains(similarity, cover);
};

/** The similarities are copied once, and again only after somebody else has used the workspace. */
const wholeGains: KeepGains = (similarity, cover) => {
  const [points, candidates] = similarity.shape;
  const layout = gainLayout(points, candidates);
  const gains = new Float64Array(candidates);
  const tenant = {};
  const first = (space: Workspace): boolean => firstGains(space, layout, similarity, cover, gains, true);
  const symmetric = withWorkspace(layout.bytes + fingerprintBytes(candidates), first, tenant);
  let next = 0;
  const grow = (space: Workspace, kept: boolean): Growth => {
    const at = layout.on(space);
    if (!kept) {
      copyRows(at.rows, 0, similarity, 0, points);
      at.cover.set(cover);
      at.gains.set(gains);
    }
    const growth = at.grow(next, symmetric);
    cover.set(at.cover);
    gains.set(at.gains);
    return growth;
  };
  return {
    gains,
    symmetric,
    grow(item) {
      next = item;
      return withWorkspace(layout.bytes, grow, tenant);
    },
  };
};

/** Rows are copied whenever they matter: no second copy of the similarities is ever held. */
const batchGains: KeepGains = (similarity, cover) => {
  const [points, candidates] = similarity.shape;
  const batch = batchRows(similarity);
  const layout = gainLayout(batch, candidates);
  const gains = new Float64Array(candidates);
  const rises = openRises(points);
  const first = (space: Workspace): boolean => firstGains(space, layout, similarity, cover, gains, false);
  const symmetric = withWorkspace(layout.bytes + fingerprintBytes(candidates), first);
  return {
    gains,
    symmetric,
    grow(item, read) {
      const gain = raiseCover(cover, read(item), rises);
      withWorkspace(layout.bytes, (space) => {
        const at = layout.on(space);
        at.gains.set(gains);
        for (let t = 0; t < rises.count; t++) {
          // from row to row through the batch, so that it all stays in the cache
          const row = t % batch;
          copyRows(at.rows, row, similarity, rises.points[t], 1);
          at.raise(row, rises.olds[t], rises.raised[t]);
        }
        gains.set(at.gains);
      });
      return { gain, rises: rises.count };
    },
  };
};

/** Keeps gains on symmetric similarities that already stand at the start of a workspace, laid out as `layout` says. */
export function residentGains(space: Workspace, layout: GainLayout, cover: Float32Array): KeptGains {
  const at = layout.on(space);
  at.cover.set(cover);
  at.gains.fill(0);
  at.addGains(0, cover.length);
  return {
    gains: at.gains,
    symmetric: true,
    grow(item) {
      const growth = at.grow(item, true);
      cover.set(at.cover);
      return growth;
    },
  };
}

/**
 * Brings the rows to the workspace, each to its own place if it takes them all, and sums up the gains above a cover.
 * Returns whether the matrix is symmetric, which is seen on the way.
 */
function firstGains(
  space: Workspace,
  layout: GainLayout,
  similarity: Matrix,
  cover: Float32Array,
  gains: Float64Array,
  whole: boolean,
): boolean {
  const [points, candidates] = similarity.shape;
  const at: GainViews = layout.on(space);
  const print = points === candidates ? fingerprint(space, layout.bytes, points) : undefined;
  const batch = batchRows(similarity);
  at.gains.fill(0);
  for (let end = points; end > 0; end -= batch) {
    const start = Math.max(0, end - batch);
    const place = whole ? start : 0;
    copyRows(at.rows, place, similarity, start, end - start);
    at.cover.set(cover.subarray(start, end), place);
    at.addGains(place, end - start);
    print?.look(place, start, end - start);
  }
  gains.set(at.gains);
  return print?.isSymmetric() ?? false;
}

function batchRows({ shape }: Matrix): number {
  return Math.max(1, Math.min(shape[0], Math.floor(BATCH_BYTES / (4 * shape[1]))));
}
