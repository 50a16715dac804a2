import type { Matrix } from "@colm/array";
import type { KeepGains, KeptGains } from "../kept-gains.ts";
import { type Fingerprint, fingerprint, fingerprintBytes } from "./fingerprint.ts";
import { type GainLayout, gainLayout } from "./gain-layout.ts";
import { type Workspace, withWorkspace } from "./workspace.ts";

/** Similarities up to this size are copied to the workspace as a whole. */
const WHOLE_BYTES = 2 ** 22;
/** Rows of larger ones are copied when they matter, in batches of about this size. */
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
  const tenant = {};
  const gains = new Float64Array(candidates);
  let symmetric = false;
  withWorkspace(
    layout.bytes + fingerprintBytes(candidates),
    (space) => {
      const at = layout.on(space);
      copyRows(at.rows, similarity);
      at.gains.fill(0);
      at.addGains(cover, points);
      gains.set(at.gains);
      const print = fingerprintOf(space, layout, similarity);
      print?.look(0, points);
      symmetric = print?.isSymmetric() ?? false;
    },
    tenant,
  );
  return {
    gains,
    symmetric,
    raise(rises) {
      withWorkspace(
        layout.bytes,
        (space, kept) => {
          const at = layout.on(space);
          if (!kept) copyRows(at.rows, similarity);
          at.gains.set(gains);
          at.raise(rises, 0, rises.count, false);
          gains.set(at.gains);
        },
        tenant,
      );
    },
  };
};

/** Rows are copied batch by batch whenever they matter: no second copy of the similarities is ever held. */
const batchGains: KeepGains = (similarity, cover) => {
  const [points, candidates] = similarity.shape;
  const batch = Math.max(1, Math.min(points, Math.floor(BATCH_BYTES / (4 * candidates))));
  const layout = gainLayout(batch, candidates);
  const gains = new Float64Array(candidates);
  let symmetric = false;
  withWorkspace(layout.bytes + fingerprintBytes(candidates), (space) => {
    const at = layout.on(space);
    const print = fingerprintOf(space, layout, similarity);
    at.gains.fill(0);
    for (let end = points; end > 0; end -= batch) {
      const start = Math.max(0, end - batch);
      for (let i = start; i < end; i++) copyRow(at.rows, (i - start) * candidates, similarity, i);
      at.addGains(cover.subarray(start, end), end - start);
      print?.look(start, end - start);
    }
    gains.set(at.gains);
    symmetric = print?.isSymmetric() ?? false;
  });
  return {
    gains,
    symmetric,
    raise(rises) {
      withWorkspace(layout.bytes, (space) => {
        const at = layout.on(space);
        at.gains.set(gains);
        for (let start = 0; start < rises.count; start += batch) {
          const end = Math.min(start + batch, rises.count);
          for (let t = start; t < end; t++) {
            copyRow(at.rows, (t - start) * candidates, similarity, rises.points[t]);
          }
          at.raise(rises, start, end, true);
        }
        gains.set(at.gains);
      });
    },
  };
};

/** A fingerprint behind everything else, for a matrix that can be symmetric. */
function fingerprintOf(space: Workspace, layout: GainLayout, similarity: Matrix): Fingerprint | undefined {
  const [points, candidates] = similarity.shape;
  return points === candidates ? fingerprint(space, layout.bytes, candidates) : undefined;
}

/** Keeps gains on symmetric similarities that already stand at the start of a workspace, laid out as `layout` says. */
export function residentGains(space: Workspace, layout: GainLayout, cover: Float32Array): KeptGains {
  const at = layout.on(space);
  at.gains.fill(0);
  at.addGains(cover, cover.length);
  return { gains: at.gains, symmetric: true, raise: (rises) => at.raise(rises, 0, rises.count, false) };
}

function copyRows(out: Float32Array, similarity: Matrix): void {
  const [points, candidates] = similarity.shape;
  const { data, stride, offset } = similarity;
  if (stride[1] === 1 && stride[0] === candidates) {
    out.set(data.subarray(offset, offset + points * candidates));
  } else {
    for (let i = 0; i < points; i++) copyRow(out, i * candidates, similarity, i);
  }
}

function copyRow(
  out: Float32Array,
  place: number,
  { data, shape, stride, offset }: Matrix,
  row: number,
): void {
  const start = offset + row * stride[0];
  const step = stride[1];
  if (step === 1) {
    out.set(data.subarray(start, start + shape[1]), place);
  } else {
    for (let j = 0, at = start; j < shape[1]; j++, at += step) out[place + j] = data[at];
  }
}
