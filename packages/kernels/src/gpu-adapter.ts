import { GPU } from "gpu.js";
import type { KernelMode } from "./mode.ts";

/** A kernel over the rows of one table: `run` computes a `[size, size]` table, row by row. */
export interface TableKernel {
  run(rows: Float32Array[], size: number, ...numbers: number[]): Promise<Float32Array[]>;
}

/** The one door to gpu.js, whose types are loose and whose failures are silent: neither gets past it. */
export interface GpuAdapter {
  /** Compiles a kernel over `(rows, ...whole numbers)`; `numbers` names them in order. */
  compile(source: string, numbers: readonly string[]): TableKernel;
  dispose(): Promise<void>;
}

/** Loops run to bounds that only the call knows; gpu.js stops them at 1000 rounds unless it is told otherwise. */
const loopMaxIterations = 2 ** 24;

export function openGpu(mode: KernelMode): GpuAdapter {
  const gpu = new GPU({ mode });
  // a kernel keeps the size of its output between its calls, so that they must not overlap
  let turn: Promise<unknown> = Promise.resolve();
  return {
    compile(source, numbers) {
      const kernel = gpu.createKernel(source, {
        dynamicOutput: true,
        dynamicArguments: true,
        precision: "single",
        argumentTypes: Object.fromEntries([
          ["points", "Array" as const],
          ...numbers.map((name) => [name, "Integer" as const] as const),
        ]),
      });
      kernel.setLoopMaxIterations(loopMaxIterations);
      const compute = async (
        rows: Float32Array[],
        size: number,
        values: number[],
      ): Promise<Float32Array[]> => {
        kernel.setOutput([size, size]);
        const table: unknown = await kernel(rows, ...values);
        requireMode(kernel, mode);
        if (!isTable(table))
          throw new TypeError(`gpu.js: "${mode}" must return rows of float32, got another kind`);
        return table;
      };
      return {
        run(rows, size, ...values) {
          const result = turn.then(() => compute(rows, size, values));
          turn = result.catch(() => undefined);
          return result;
        },
      };
    },
    async dispose() {
      await turn;
      await gpu.destroy();
    },
  };
}

/** What is read of a kernel after it ran: behind `kernel` stands the one that really did. */
interface RanKernel {
  readonly kernel: { readonly fallbackReason: string | null; readonly constructor: object };
}

/** gpu.js replaces a kernel that its back end declines by a CPU kernel and goes on: here that is an error. */
export function requireMode(kernel: RanKernel, mode: KernelMode): void {
  const { fallbackReason } = kernel.kernel;
  const ran: unknown = Reflect.get(kernel.kernel.constructor, "mode");
  if (fallbackReason !== null || ran !== mode) {
    throw new Error(
      `gpu.js: a kernel for "${mode}" ran on "${ran}" instead: ${fallbackReason ?? "no reason given"}`,
    );
  }
}

function isTable(value: unknown): value is Float32Array[] {
  return Array.isArray(value) && value.every((row) => row instanceof Float32Array);
}
