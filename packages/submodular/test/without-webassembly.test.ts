import { matrix, normal } from "@colm/array";
import * as submodular from "@colm/submodular";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

// the same modules once more, on a platform without WebAssembly
let plain: typeof submodular;
beforeAll(async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  plain = await import("@colm/submodular");
});
afterAll(() => vi.unstubAllGlobals());

const points = matrix(normal(new Float32Array(61 * 9), { seed: 5 }), 61, 9);
const groups = Array.from({ length: 61 }, (_, i) => i % 3);

/** What the public functions make of the same points. */
const results: Record<string, (from: typeof submodular) => unknown> = {
  "maximize, exact": ({ facilityLocation, maximize, similarity }) =>
    maximize(facilityLocation(similarity(points, { metric: "l1" })), { count: 20 }),
  "maximize, lazy": ({ facilityLocation, maximize, similarity }) =>
    maximize(facilityLocation(similarity(points, { metric: "l2" })), { count: 20, method: "lazy" }),
  "maximize, rectangular, with initial items and quotas": ({ facilityLocation, maximize }) =>
    maximize(facilityLocation(points.transpose(1, 0)), {
      initial: [3],
      groups,
      quotas: [5, 0, 7],
      ties: "high",
    }),
  "sparse neighbours": ({ facilityLocation, maximize, similarity }) =>
    maximize(facilityLocation(similarity(points, { metric: "dot", neighbours: 7 })), { count: 20 }),
  distances: ({ distances }) => distances(points, { metric: "l2" }).data,
  selectMedoids: ({ selectMedoids }) => selectMedoids(points, { count: 12, metric: "cosine" }),
  "selectMedoids per group": ({ selectMedoids }) =>
    selectMedoids(points, { count: 9, metric: "l1", groups, quotas: [2, 3, 4] }),
  refine: ({ refine, similarity }) => refine(similarity(points, { metric: "l1" }), [0, 1, 2, 3]),
};

it.each(Object.entries(results))("has the same results without WebAssembly: %s", (_, run) => {
  expect(plain.facilityLocation).not.toBe(submodular.facilityLocation);
  expect(run(plain)).toEqual(run(submodular));
});
