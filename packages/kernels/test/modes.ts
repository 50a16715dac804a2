import { offerWebGpu } from "./offer-web-gpu.ts";

const webGpu = await offerWebGpu();

/** The modes that the tests in Node cover, and whether each of them runs here. */
export const modes = [
  { mode: "cpu", name: "cpu mode", here: true },
  { mode: "webasm", name: "webasm mode", here: true },
  { mode: "webgpu", name: "webgpu mode (only where the webgpu package finds an adapter)", here: webGpu },
] as const;

/** Rows and columns that no block or tile divides, and 1. */
export const oddShapes: readonly [number, number][] = [
  [1, 1],
  [1, 7],
  [2, 1],
  [3, 255],
  [5, 256],
  [17, 257],
  [67, 301],
];
