import { GPU, type IKernelRunShortcut, type KernelVariable, WebGL2Kernel } from "gpu.js";
import { type Chain, type FusedKernels, fuse } from "./fused-kernels.ts";
import type { KernelMode } from "./mode.ts";
import type { Combine } from "./normal-sources.ts";

/** What a kernel reads: rows of one table, one vector, or a whole number. */
export type KernelArgument = readonly Float32Array[] | Float32Array | number;

/** A kernel that computes a table `[rows, cols]`, row by row. */
export interface TableKernel {
  run(shape: readonly [rows: number, cols: number], ...values: KernelArgument[]): Promise<Float32Array[]>;
}

/** A table that stays where a kernel computed it. */
export interface Resident {
  /** What gpu.js passes on to another kernel: a texture, a buffer, or rows where there is no device. */
  readonly handle: KernelVariable;
  release(): Promise<void>;
}

/** The one door to gpu.js, whose types are loose and whose failures are silent: neither gets past it. */
export interface GpuAdapter {
  /** Compiles a kernel; `parameters` names its arguments in order and says which are arrays. Asked again, it gives the same one. */
  compile(source: string, parameters: Readonly<Record<string, "Array" | "Integer">>): TableKernel;
  /** Compiles a chain of kernels; asked for the same key again, it gives the same one, if it is one of the latest few. */
  fuse(key: string, chain: () => Chain): Pick<FusedKernels, "run">;
  /** Computes a table that stays on the device; the kernel is compiled once for its source and the size. */
  keep(
    source: string,
    shape: readonly [rows: number, cols: number],
    points: readonly Float32Array[],
  ): Promise<Resident>;
  /** Computes a table from one that stayed on the device, and a vector if the kernel reads one. */
  readFrom(
    source: string,
    shape: readonly [rows: number, cols: number],
    resident: Resident,
    vector?: Float32Array,
  ): Promise<Float32Array[]>;
  /** The text of `a ^ b` for whole numbers below 2^24. */
  readonly exclusiveOr: Combine;
  dispose(): Promise<void>;
}

/** Loops run to bounds that only the call knows; gpu.js stops them at 1000 rounds unless it is told otherwise. */
const loopMaxIterations = 2 ** 24;

/** Chains that are kept; each holds the tables between its kernels. */
const keptChains = 4;

/** Opens a back end; in `webasm` mode with more than one thread, kernels split large tables among so many workers. */
export function openGpu(mode: KernelMode, threads = 1): GpuAdapter {
  const isThreaded = mode === "webasm" && threads > 1;
  const gpu = new GPU({ mode });
  if (mode === "webgl2") {
    // gpu.js makes a loop over bits of `^` here, GLSL does not
    gpu.addNativeFunction(
      "exclusiveOr",
      "float exclusiveOr(float a, float b) { return float(int(a) ^ int(b)); }",
      {
        argumentTypes: { a: "Number", b: "Number" },
        returnType: "Number",
      },
    );
  }
  // a kernel keeps the size of its output between its calls, so that they must not overlap
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  const compiled = new Map<string, TableKernel>();
  const chains = new Map<string, FusedKernels>();
  const sized = new Map<string, IKernelRunShortcut>();
  const ofSize = (
    source: string,
    [rows, cols]: readonly [number, number],
    pipeline: boolean,
  ): IKernelRunShortcut => {
    const key = `${rows} ${cols} ${pipeline} ${source}`;
    const known = sized.get(key);
    if (known !== undefined) return known;
    const kernel = gpu.createKernel(source, {
      output: [cols, rows],
      precision: "single",
      pipeline,
      immutable: pipeline,
      dynamicArguments: true,
      ...(isThreaded && { asyncMode: true, poolSize: threads }),
    });
    kernel.setLoopMaxIterations(loopMaxIterations);
    sized.set(key, kernel);
    return kernel;
  };
  const build = (source: string, parameters: Readonly<Record<string, "Array" | "Integer">>): TableKernel => {
    const kernel = gpu.createKernel(source, {
      dynamicOutput: true,
      dynamicArguments: true,
      precision: "single",
      argumentTypes: { ...parameters },
      ...(isThreaded && { asyncMode: true, poolSize: threads }),
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
      run: (shape, ...values) => inTurn(() => compute(shape, ...values)),
    };
  };
  return {
    exclusiveOr: (a, b) => (mode === "webgl2" ? `exclusiveOr(${a}, ${b})` : `(${a} ^ ${b})`),
    compile(source, parameters) {
      const kernel = compiled.get(source) ?? build(source, parameters);
      compiled.set(source, kernel);
      return kernel;
    },
    fuse(key, chain) {
      const fused = chains.get(key) ?? fuse(gpu, mode, chain(), { loopMaxIterations, threads: isThreaded });
      // to the end: the first of the map is the one that was not asked for longest
      chains.delete(key);
      chains.set(key, fused);
      for (const [oldest, old] of chains) {
        if (chains.size <= keptChains) break;
        chains.delete(oldest);
        inTurn(() => old.destroy());
      }
      return { run: (...values) => inTurn(() => fused.run(...values)) };
    },
    keep: (source, shape, points) =>
      inTurn(async () => {
        const kernel = ofSize(source, shape, true);
        const handle = await kernel([...points]);
        requireMode(kernel, mode);
        return { handle, release: () => inTurn(async () => release(handle)) };
      }),
    readFrom: (source, shape, { handle }, vector) =>
      inTurn(async () => {
        const kernel = ofSize(source, shape, false);
        const table: unknown = await (vector === undefined ? kernel(handle) : kernel(handle, vector));
        requireMode(kernel, mode);
        if (!isTable(table))
          throw new TypeError(`gpu.js: "${mode}" must return rows of float32, got another kind`);
        return table;
      }),
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

/** Frees the texture or the buffer; rows have nothing to free. */
function release(handle: unknown): void {
  if (typeof handle !== "object" || handle === null || !("delete" in handle)) return;
  if (typeof handle.delete === "function") handle.delete();
}

function isTable(value: unknown): value is Float32Array[] {
  return Array.isArray(value) && value.every((row) => row instanceof Float32Array);
}
