import type { GPU, IKernelRunShortcut, PipelineFunction } from "gpu.js";
import type { KernelArgument } from "./gpu-adapter.ts";
import type { KernelMode } from "./mode.ts";

/** A kernel in a chain. */
export interface FusedStep {
  /** What later steps and the results call its table. */
  readonly name: string;
  readonly source: string;
  /** The size of its table. */
  readonly shape: readonly [rows: number, cols: number];
  /** Its arguments: inputs of the chain and tables of earlier steps, by name. */
  readonly reads: readonly string[];
}

/** Kernels that run one after the other; tables that one leaves to the next stay where they are computed. */
export interface Chain {
  /** The arguments of `run`, in order. */
  readonly inputs: readonly string[];
  readonly steps: readonly FusedStep[];
  /** The tables that come back, in order. */
  readonly results: readonly string[];
}

/** A compiled chain. */
export interface FusedKernels {
  run(...values: KernelArgument[]): Promise<Float32Array[][]>;
  destroy(): Promise<void>;
}

/** How a chain is compiled. */
export interface FuseSettings {
  /** Rounds after which a loop stops. */
  readonly loopMaxIterations: number;
  /** Whether large tables are split among as many workers as there are cores, where the back end can. */
  readonly threads: boolean;
}

/** Compiles a chain into one pipeline of gpu.js. Its inputs keep their sizes from call to call. */
export function fuse(
  gpu: GPU,
  mode: KernelMode,
  { inputs, steps, results }: Chain,
  { loopMaxIterations, threads }: FuseSettings,
): FusedKernels {
  // steps that compute the same table from other arguments, round by round, are one kernel
  const kernels = new Map<string, IKernelRunShortcut>();
  const kernelOf = ({ source, shape: [rows, cols] }: FusedStep): IKernelRunShortcut => {
    const key = `${rows} ${cols} ${source}`;
    const kernel =
      kernels.get(key) ?? gpu.createKernel(source, { output: [cols, rows], precision: "single" });
    kernel.setLoopMaxIterations(loopMaxIterations);
    kernels.set(key, kernel);
    return kernel;
  };
  const calls = steps.map((step) => ({ ...step, kernel: kernelOf(step) }));
  const trace: PipelineFunction = (...handles) => {
    const tables = new Map(inputs.map((name, at) => [name, handles[at]]));
    for (const { name, reads, kernel } of calls) {
      tables.set(name, kernel(...reads.map((read) => tables.get(read))));
    }
    return results.map((name) => tables.get(name));
  };
  // gpu.js counts the inputs by the function's parameters
  Object.defineProperty(trace, "length", { value: inputs.length });
  const pipeline = gpu.createPipeline(trace, { threads });
  return {
    async run(...values) {
      const tables: unknown = await pipeline(
        ...values.map((value) => (Array.isArray(value) ? [...value] : value)),
      );
      requireBackend(pipeline, mode);
      if (!isTables(tables))
        throw new TypeError(`gpu.js: "${mode}" must return rows of float32, got another kind`);
      return tables;
    },
    destroy: () => pipeline.destroy(),
  };
}

/** What is read of a pipeline after it ran. */
interface RanPipeline {
  readonly backend: string | null;
  readonly executorKind: string;
  readonly fallbackReason: string | null;
  readonly plan: object | null;
}

/** gpu.js runs a chain step by step where it cannot fuse it, on the CPU if need be, and goes on: here that is an error. */
export function requireBackend(pipeline: RanPipeline, mode: KernelMode): void {
  const { backend, executorKind, fallbackReason } = pipeline;
  // there is nothing to fuse on the CPU, and on WebGL 2, which calls itself "gpu", tables stay in textures step by step
  const isStepwise = mode === "cpu" || mode === "webgl2";
  const expected = mode === "webgl2" ? "gpu" : mode;
  if (backend === expected && (isStepwise || executorKind !== "generic") && stepsRanOn(pipeline, expected))
    return;
  throw new Error(
    `gpu.js: a chain for "${mode}" ran on "${backend}" (${executorKind}) instead: ${fallbackReason ?? "no reason given"}`,
  );
}

/** `backend` is that of the first kernel: where the kernels that run step by step can be seen, all of them are asked. */
function stepsRanOn({ plan }: RanPipeline, expected: string): boolean {
  const clones: unknown = plan === null ? undefined : Reflect.get(plan, "genericClones");
  if (!(clones instanceof Map)) return true;
  return Array.from(clones.values()).every((clone) => clone.kernel.constructor.mode === expected);
}

function isTables(value: unknown): value is Float32Array[][] {
  return (
    Array.isArray(value) &&
    value.every((table) => Array.isArray(table) && table.every((row) => row instanceof Float32Array))
  );
}
