import { copyRows, type Matrix } from "@colm/array";
import { type GainWork, type KeepGains, type KeptGains, keepBy, UNIT } from "../kept-gains.ts";
import { endOfGroup, GROUP } from "../rises.ts";
import { fingerprint, fingerprintBytes } from "./fingerprint.ts";
import { type GainLayout, type GainState, gainLayout } from "./gain-state.ts";
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
    : keepBy(batchWork(similarity, cover), candidates, cover);
};

/** The similarities are copied once, and again only after somebody else has used the workspace. */
function wholeGains(similarity: Matrix, cover: Float32Array): KeptGains {
  const [points, candidates] = similarity.shape;
  const layout = gainLayout(points, candidates);
  const gains = new Float64Array(candidates);
  const tenant = {};
  const first = (space: Workspace): boolean => sumRows(space, layout, similarity, cover, gains, true);
  const symmetric = withWorkspace(layout.bytes + fingerprintBytes(candidates), first, tenant);
  return stateGains(gains, cover, symmetric, (work) =>
    withWorkspace(
      layout.bytes,
      (space, kept) => {
        const at = layout.on(space);
        if (!kept) {
          copyRows(at.rows, 0, similarity, 0, points);
          at.cover.set(cover);
          at.gains.set(gains);
        }
        return work(at);
      },
      tenant,
    ),
  );
}

/** Keeps gains on symmetric similarities that already stand at the start of a workspace, laid out as `layout` says. */
export function residentGains(space: Workspace, layout: GainLayout, cover: Float32Array): KeptGains {
  const at = layout.on(space);
  at.cover.set(cover);
  at.gains.fill(0);
  at.addGains(0, cover.length);
  return stateGains(at.gains.slice(), cover, true, (work) => work(at));
}

/** Keeps gains by the kernels; `enter` lends the state, which must be as it was left. */
function stateGains(
  gains: Float64Array,
  cover: Float32Array,
  symmetric: boolean,
  enter: <T>(work: (at: GainState) => T) => T,
): KeptGains {
  let unit = gains.reduce((a, b) => Math.max(a, b), 0) * UNIT;
  let roundings = 0;
  const step = <T>(work: (at: GainState) => T): T =>
    enter((at) => {
      at.head[1] = unit;
      at.head[2] = roundings;
      const result = work(at);
      [, unit, roundings] = at.head;
      cover.set(at.cover);
      gains.set(at.gains);
      return result;
    });
  return {
    gains,
    symmetric,
    get unit() {
      return unit;
    },
    get roundings() {
      return roundings;
    },
    grow: (item) =>
      step((at) => {
        at.grow(item, symmetric);
        return at.head[0];
      }),
    climb: (steps) => step((at) => at.climb(steps, symmetric)),
  };
}

/** Rows are copied whenever they matter: no second copy of the similarities is ever held. */
function batchWork(similarity: Matrix, cover: Float32Array): GainWork {
  const layout = gainLayout(batchRows(similarity), similarity.shape[1]);
  return {
    sum: (gains) =>
      withWorkspace(layout.bytes + fingerprintBytes(gains.length), (space) =>
        sumRows(space, layout, similarity, cover, gains, false),
      ),
    lower: (gains, rises, slack) =>
      withWorkspace(layout.bytes, (space) => {
        const at = layout.on(space);
        at.gains.set(gains);
        for (let first = 0, end = 0; first < rises.count; first = end) {
          end = endOfGroup(rises, first, slack);
          for (let t = first; t < end; t++) {
            copyRows(at.rows, t - first, similarity, rises.points[t], 1);
            at.rise(t - first, rises.olds[t], rises.raised[t]);
          }
          at.lower(end - first, slack);
        }
        gains.set(at.gains);
      }),
  };
}

/**
 * Brings the rows to the workspace, each to its own place if it takes them all, and sums up the gains above a cover.
 * Returns whether the matrix is symmetric, which is seen on the way.
 */
function sumRows(
  space: Workspace,
  layout: GainLayout,
  similarity: Matrix,
  cover: Float32Array,
  gains: Float64Array,
  whole: boolean,
): boolean {
  const [points, candidates] = similarity.shape;
  const at = layout.on(space);
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

/** At least as many as are corrected together. */
function batchRows({ shape }: Matrix): number {
  return Math.max(GROUP, Math.min(shape[0], Math.floor(BATCH_BYTES / (4 * shape[1]))));
}
