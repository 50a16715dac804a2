import { copyRows } from "@colm/array";
import type { KeepGains, KeptGains } from "../kept-gains.ts";
import { type GainLayout, type GainState, gainLayout } from "./gain-state.ts";
import { nothing, type Source, serveBy, type Workspace, withWorkspace } from "./workspace.ts";

/** So many similarities, 2 MB, stay in the workspace; no second copy of more is ever held. */
const RESIDENT = 2 ** 19;

/** Keeps gains by WebAssembly on similarities that stand anywhere: rows are brought when they matter. */
export const simdGains: KeepGains = (similarity, cover, columns) => {
  const [points, candidates] = similarity.shape;
  const resident = Math.min(points, Math.floor(RESIDENT / candidates));
  const layout = gainLayout(points, candidates, resident);
  const tenant = {};
  return keep(cover, candidates, false, (work) =>
    withWorkspace(
      layout.bytes,
      (space, kept) => {
        const at = layout.on(space);
        return work(
          at,
          {
            rows: (first, count, place) => copyRows(at.rows, place, similarity, first, count),
            column: (item) => columns.read(at.column, item),
          },
          kept,
        );
      },
      tenant,
    ),
  );
};

/** Keeps gains on symmetric similarities that already stand at the start of a workspace, laid out as `layout` says. */
export function residentGains(space: Workspace, layout: GainLayout, cover: Float32Array): KeptGains {
  return keep(cover, cover.length, true, (work) => work(layout.on(space), nothing, false));
}

/** Keeps gains by the kernels; `enter` lends the state, says who brings rows, and whether the state is as it was left. */
function keep(
  cover: Float32Array,
  candidates: number,
  known: boolean,
  enter: <T>(work: (at: GainState, source: Source, kept: boolean) => T) => T,
): KeptGains {
  const gains = new Float64Array(candidates);
  const head = new Float64Array(4);
  let symmetric = known;
  const step = <T>(work: (at: GainState) => T): T =>
    enter((at, source, kept) => {
      serveBy(source);
      if (!kept) {
        source.rows(0, at.resident, 0);
        at.describe(symmetric);
        at.cover.set(cover);
        at.gains.set(gains);
      }
      at.head.set(head);
      const result = work(at);
      head.set(at.head);
      cover.set(at.cover);
      gains.set(at.gains);
      return result;
    });
  symmetric = step((at) => at.start());
  return {
    gains,
    symmetric,
    get unit() {
      return head[1];
    },
    get roundings() {
      return head[2];
    },
    grow: (item) =>
      step((at) => {
        at.grow(item);
        return at.head[0];
      }),
    climb: (steps) => step((at) => at.climb(steps)),
  };
}
