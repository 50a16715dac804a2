import type { Chain, FusedStep } from "./fused-kernels.ts";
import type { GpuAdapter } from "./gpu-adapter.ts";
import { type Combine, normalSource } from "./normal-sources.ts";
import { type StreamColumns, type StreamShape, streamInputs } from "./stream-inputs.ts";
import { type StreamProblem, sizeOf } from "./stream-problem.ts";
import { largestSource, projectSource, scoreSource, slackSource } from "./stream-sources.ts";
import { MOST_COLUMNS } from "./sum-blocks.ts";

/** Where directions are drawn: beforehand on the CPU, or by the kernels themselves. */
export type DirectionSource = "cpu" | "device";

/** Entries of the gradients that are on the device at a time, at most. */
const ENTRIES = 2 ** 20;

/** Scores of coordinates `start ..` for each group, and how far each may be from the one on the CPU; 1e30 and more, or NaN: anything. */
export type VisitScores = (
  start: number,
  length: number,
  scores: readonly Float32Array[],
  slacks: readonly Float32Array[],
) => void;

/** `|mean_i u_ij|` of every coordinate and group in float32, block by block: one fused chain of kernels for each block. */
export async function streamScores(
  gpu: GpuAdapter,
  problem: StreamProblem,
  groupCount: number,
  visit: VisitScores,
  directions: DirectionSource = "cpu",
): Promise<void> {
  const { dimension } = sizeOf(problem.gradients);
  const shape = shapeOf(problem, groupCount, directions);
  const { weights, starts, rule, noise, columns } = streamInputs(problem, shape);
  const chain = gpu.fuse(Object.values(shape).join(), () => chainFor(shape, gpu.exclusiveOr));
  const launch = ({ table, draw, first, second, largest }: StreamColumns): Promise<Float32Array[][]> => {
    const rest = [first, second, starts, rule, noise];
    if (shape.directions === 0) return chain.run(table, ...rest, largest);
    if (!shape.isDrawn) return chain.run(weights, table, ...rest, largest);
    return chain.run(weights, draw.counters, draw.keys, ...rest);
  };
  let running = launch(columns(0));
  for (let start = 0; start < dimension; start += shape.columns) {
    const after = start + shape.columns;
    // the next block is drawn while the device works on this one
    const next = after < dimension ? columns(after) : undefined;
    const [scores, slacks] = await running;
    if (next !== undefined) running = launch(next);
    visit(start, Math.min(shape.columns, dimension - start), scores, slacks);
  }
}

/** Sizes rounded up, so that few chains serve many pools. */
function shapeOf({ gradients }: StreamProblem, groupCount: number, source: DirectionSource): StreamShape {
  const { rows, dimension, directions } = sizeOf(gradients);
  const paddedRows = 32 * Math.ceil(rows / 32);
  const mostEntries = Math.max(256, powerOfTwo(ENTRIES / paddedRows + 1) / 2);
  return {
    rows: paddedRows,
    groups: powerOfTwo(groupCount),
    columns: Math.min(powerOfTwo(dimension), MOST_COLUMNS, mostEntries),
    directions,
    isDrawn: source === "device" && directions > 0,
  };
}

/** The least power of two that is not below `size`. */
function powerOfTwo(size: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, size)));
}

function chainFor({ rows, groups, columns, directions, isDrawn }: StreamShape, xor: Combine): Chain {
  const isStored = directions === 0;
  const common = ["gradients", "first", "second", "starts", "rule"];
  const project = {
    name: "gradients",
    source: projectSource(directions),
    shape: [rows, columns],
    reads: ["weights", "directions"],
  } as const;
  const draw = ["counters", "keys"];
  const drawn: FusedStep[] = [
    { name: "directions", source: normalSource(xor), shape: [directions, columns], reads: draw },
    { name: "largest", source: largestSource(directions), shape: [1, columns], reads: ["directions"] },
  ];
  const rest = ["first", "second", "starts", "rule", "noise"];
  const given = isStored ? ["gradients"] : ["weights", "directions"];
  return {
    inputs: isDrawn ? ["weights", ...draw, ...rest] : [...given, ...rest, "largest"],
    steps: [
      ...(isDrawn ? drawn : []),
      ...(isStored ? [] : [project]),
      { name: "scores", source: scoreSource, shape: [groups, columns], reads: common },
      {
        name: "slacks",
        source: slackSource,
        shape: [groups, columns],
        reads: [...common, "noise", "largest"],
      },
    ],
    results: ["scores", "slacks"],
  };
}
