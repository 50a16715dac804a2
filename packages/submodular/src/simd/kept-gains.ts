import type { Matrix } from "@colm/array";
import type { KeepGains, KeptGains, Rises } from "../kept-gains.ts";
import { type Workspace, withWorkspace } from "./workspace.ts";

/** Rows of the similarity are brought into the workspace in batches of about this size. */
const BATCH_BYTES = 2 ** 17;

/** Keeps gains by WebAssembly; the rows that matter are copied to it batch by batch. */
export const simdGains: KeepGains = (similarity, cover) => {
  const [points, candidates] = similarity.shape;
  const batch = Math.max(1, Math.min(points, Math.floor(BATCH_BYTES / (4 * candidates + 1))));
  const gains = new Float64Array(candidates);
  const view = viewer(batch, candidates);
  const bytes = 8 * candidates + batch * (12 + 4 * candidates);

  withWorkspace(bytes, (space) => {
    const at = view(space);
    at.gains.fill(0);
    for (let end = points; end > 0; end -= batch) {
      const start = Math.max(0, end - batch);
      for (let i = start; i < end; i++) copyRow(at.rows, (i - start) * candidates, similarity, i);
      at.olds.set(cover.subarray(start, end));
      space.kernels.addGains(at.rowsAt, end - start, candidates, at.oldsAt, 0);
    }
    gains.set(at.gains);
  });

  return {
    gains,
    raise(rises) {
      if (rises.count === 0) return;
      withWorkspace(bytes, (space) => {
        const at = view(space);
        at.gains.set(gains);
        for (let start = 0; start < rises.count; start += batch) {
          const count = Math.min(batch, rises.count - start);
          for (let t = 0; t < count; t++) {
            copyRow(at.rows, t * candidates, similarity, rises.points[start + t]);
            at.index[t] = t;
          }
          at.olds.set(rises.olds.subarray(start, start + count));
          at.raised.set(rises.raised.subarray(start, start + count));
          space.kernels.raise(at.rowsAt, at.indexAt, count, candidates, at.oldsAt, at.raisedAt, 0);
        }
        gains.set(at.gains);
      });
    },
  };
};

/** Where the arrays of a batch stand, with the gains at 0. */
interface Layout {
  readonly gains: Float64Array;
  readonly index: Int32Array;
  readonly olds: Float32Array;
  readonly raised: Float32Array;
  readonly rows: Float32Array;
  readonly indexAt: number;
  readonly oldsAt: number;
  readonly raisedAt: number;
  readonly rowsAt: number;
}

/** Views of a workspace, made anew only when its buffer is another one. */
function viewer(batch: number, candidates: number): (space: Workspace) => Layout {
  const indexAt = 8 * candidates;
  const oldsAt = indexAt + 4 * batch;
  const raisedAt = oldsAt + 4 * batch;
  const rowsAt = raisedAt + 4 * batch;
  let layout: Layout | undefined;
  return ({ buffer }) => {
    if (layout?.gains.buffer === buffer) return layout;
    layout = {
      gains: new Float64Array(buffer, 0, candidates),
      index: new Int32Array(buffer, indexAt, batch),
      olds: new Float32Array(buffer, oldsAt, batch),
      raised: new Float32Array(buffer, raisedAt, batch),
      rows: new Float32Array(buffer, rowsAt, batch * candidates),
      indexAt,
      oldsAt,
      raisedAt,
      rowsAt,
    };
    return layout;
  };
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

/** Similarities that stand in a workspace from byte 0 on, with `residentBytes` of it. */
export function residentGains(space: Workspace, size: number, cover: Float32Array): KeptGains {
  const { buffer, kernels } = space;
  const gainsAt = Math.ceil((size * size) / 2) * 8;
  const indexAt = gainsAt + 8 * size;
  const oldsAt = indexAt + 4 * size;
  const raisedAt = oldsAt + 4 * size;
  const gains = new Float64Array(buffer, gainsAt, size);
  const index = new Int32Array(buffer, indexAt, size);
  const olds = new Float32Array(buffer, oldsAt, size);
  const raised = new Float32Array(buffer, raisedAt, size);
  olds.set(cover);
  gains.fill(0);
  kernels.addGains(0, size, size, oldsAt, gainsAt);
  return {
    gains,
    raise(rises: Rises) {
      const { count } = rises;
      index.set(rises.points.subarray(0, count));
      olds.set(rises.olds.subarray(0, count));
      raised.set(rises.raised.subarray(0, count));
      kernels.raise(0, indexAt, count, size, oldsAt, raisedAt, gainsAt);
    },
  };
}

/** Bytes that similarities of `size` points and their gains take. */
export function residentBytes(size: number): number {
  return Math.ceil((size * size) / 2) * 8 + 20 * size;
}
