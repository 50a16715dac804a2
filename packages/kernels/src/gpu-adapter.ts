import { GPU, WebGL2Kernel } from "gpu.js";
import type { KernelMode } from "./mode.ts";

/** What a kernel reads: rows of one table, one vector, or a whole number. */
export type KernelArgument = readonly Float32Array[] | Float32Array | number;

/** A kernel that computes a table `[rows, cols]`, row by row. */
export interface TableKernel {
  run(shape: readonly [rows: number, cols: number], ...values: KernelArgument[]): Promise<Float32Array[]>;
}

/** The one door to gpu.js, whose types are loose and whose failures are silent: neither gets past it. */
export interface GpuAdapter {
  /** Compiles a kernel; `parameters` names its arguments in order and says which are arrays. Asked again, it gives the same one. */
  compile(source: string, parameters: Readonly<Record<string, "Array" | "Integer">>): TableKernel;
  dispose(): Promise<void>;
}

/** Loops run to bounds that only the call knows; gpu.js stops them at 1000 rounds unless it is told otherwise. */
const loopMaxIterations = 2 ** 24;

export function openGpu(mode: KernelMode): GpuAdapter {
  const gpu = new GPU({ mode });
  // a kernel keeps the size of its output between its calls, so that they must not overlap
  let turn: Promise<unknown> = Promise.resolve();
  const compiled = new Map<string, TableKernel>();
  const build = (source: string, parameters: Readonly<Record<string, "Array" | "Integer">>): TableKernel => {
    const kernel = gpu.createKernel(source, {
      dynamicOutput: true,
      dynamicArguments: true,
      precision: "single",
      argumentTypes: { ...parameters },
    });
    kernel.setLoopMaxIterations(loopMaxIterations);
    const compute: TableKernel["run"] = async ([rows, cols], ...values) => {
      kernel.setOutput([cols, rows]);
      const table: unknown = await kernel(...values.map(asVariable));
      requireMode(kernel, mode);
      if (!isTable(table))
        throw new TypeError(`gpu.js: "${mode}" must return rows of float32, got another kind`);
      return table;
    };
    return {
      run(shape, ...values) {
        const result = turn.then(() => compute(shape, ...values));
        turn = result.catch(() => undefined);
        return result;
      },
    };
  };
  return {
    compile(source, parameters) {
      const kernel = compiled.get(source) ?? build(source, parameters);
      compiled.set(source, kernel);
      return kernel;
    },
    async dispose() {
      await turn;
      await gpu.destroy();
    },
  };
}

/** What is read of a kernel after it ran: behind `kernel` stands the one that really did. */
interface RanKernel {
  readonly kernel: {
    readonly fallbackReason: string | null;
    readonly constructor: { readonly name: string };
  };
}

/** gpu.js replaces a kernel that its back end declines by a CPU kernel and goes on: here that is an error. */
export function requireMode(kernel: RanKernel, mode: KernelMode): void {
  const { fallbackReason } = kernel.kernel;
  const own = kernel.kernel.constructor;
  // what runs on WebGL 2 calls itself "gpu"
  const ran: unknown = own === WebGL2Kernel ? "webgl2" : Reflect.get(own, "mode");
  if (fallbackReason !== null || ran !== mode) {
    throw new Error(
      `gpu.js: a kernel for "${mode}" ran on "${ran}" instead: ${fallbackReason ?? "no reason given"}`,
    );
  }
}

/** gpu.js asks for arrays that it may write to, and does not write to them. */
function asVariable(value: KernelArgument): Float32Array[] | Float32Array | number {
  return typeof value === "number" || value instanceof Float32Array ? value : [...value];
}

function isTable(value: unknown): value is Float32Array[] {
  return Array.isArray(value) && value.every((row) => row instanceof Float32Array);
}
