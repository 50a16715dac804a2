import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels, restartKernels } from "../simd/fused.ts";
import type { KernelArithmetic } from "../simd/kernel-module.ts";
import { revectorizeFlags, startedWithFlag } from "../simd/revectorize.ts";
import { offeredAdapter } from "../web-gpu/graphics-adapter.ts";

export type BackendName = "wasm" | "webgpu" | "webgl" | "cpu";

export interface BackendOptions {
  /**
   * On `wasm`: matrix products that round `a b + c` twice, about a fifth slower and with the same bits on every machine. By
   * default they use relaxed SIMD where the engine has it, whose last bit may differ between two kinds of machines; one
   * machine repeats itself either way. Without the option the kernels stay as they are.
   */
  readonly exact?: boolean;
  /**
   * On `wasm`, in Node.js 22 or later on x86-64 processors with AVX2: kernels compiled with V8's experimental flag that pairs two
   * neighbouring vectors into a wide one. The same bits, which is checked at the start, in products twice as fast. `false` goes back;
   * without the option the kernels stay as they are, but for a Node.js that was started with `--experimental-wasm-revectorize`.
   */
  readonly revectorize?: boolean;
}

/**
 * Makes a TensorFlow.js back end the active one and makes sure that it really is.
 *
 * @param name - `wasm` (default), `webgpu` and `cpu` are loaded from their packages when they are not registered yet; `webgl` must have
 *   been imported by the caller, since its package is for browsers. `auto`: webgpu where a real graphics processor stands behind it,
 *   never a program that imitates one; else wasm.
 * @param options - How the wasm back end's own kernels round, and how they are compiled.
 * @returns The name of the active back end.
 * @throws {RangeError} If there is no back end of that name.
 * @throws {Error} If it cannot start: TensorFlow.js alone would go on with another one in silence. If `revectorize` is asked for where
 *   there is no such flag, or changes a bit.
 * @remarks In Node.js webgpu needs the package `webgpu` (Dawn) and a graphics driver; its globals and `navigator.gpu` are then set as a
 *   browser has them. On webgpu every matrix product of TensorFlow.js is set to run one program, which sums in order: another one of its
 *   choice adds by atomic operations, and would give other bits each time.
 * @example
 * await chooseBackend("cpu"); // => "cpu"
 */
export async function chooseBackend(
  name: BackendName | "auto" = "wasm",
  options: BackendOptions = {},
): Promise<BackendName> {
  if (name === "auto") return chooseBackend((await hasGraphicsProcessor()) ? "webgpu" : "wasm", options);
  if (!["wasm", "webgpu", "webgl", "cpu"].includes(name)) {
    throw new RangeError(
      `chooseBackend: "name" must be "auto", "wasm", "webgpu", "webgl" or "cpu", got ${JSON.stringify(name)}`,
    );
  }
  if (tf.getBackend() !== name) await activate(name);
  if (name === "webgpu") tf.env().set("WEBGPU_MATMUL_PROGRAM_TYPE", PACKED_PRODUCT);
  const { exact, revectorize = revectorized() || startedWithFlag() } = options;
  const setFlags = name === "wasm" && revectorize ? await revectorizeFlags("chooseBackend") : undefined;
  if (exact !== undefined || revectorize !== revectorized()) restartKernels({ exact, setFlags });
  return name;
}

/**
 * How the kernels of this package round on the active back end.
 *
 * @returns `"relaxed"` or `"exact"` (see {@link BackendOptions}), or undefined where plain TensorFlow.js operations do the work.
 * @example
 * await chooseBackend("cpu");
 * kernelArithmetic(); // => undefined
 */
export function kernelArithmetic(): KernelArithmetic | undefined {
  return fusedKernels()?.arithmetic;
}

/** Number of `MatMulPackedProgram` in TensorFlow.js. */
const PACKED_PRODUCT = 3;

async function hasGraphicsProcessor(): Promise<boolean> {
  const adapter = await offeredAdapter().catch(() => undefined);
  if (adapter === undefined || adapter.isSoftware) return false;
  return (await import("@tensorflow/tfjs-backend-webgpu").catch(() => undefined)) !== undefined;
}

/** Whether V8 has paired vectors of the kernels of this package on the active back end (see {@link BackendOptions}). */
export function revectorized(): boolean {
  return fusedKernels()?.revectorized ?? false;
}

async function activate(name: BackendName): Promise<void> {
  let reason = "";
  let remedy = `install @tensorflow/tfjs-backend-${name} 4.22`;
  try {
    if (name === "webgpu") {
      remedy = "in Node.js install the package webgpu 0.6 and a graphics driver,";
      if ((await offeredAdapter()) === undefined) throw new Error("no graphics adapter was found");
      remedy = "install @tensorflow/tfjs-backend-webgpu 4.22 and import it after navigator.gpu is there,";
      await import("@tensorflow/tfjs-backend-webgpu");
    }
    if (name === "wasm") await import("@tensorflow/tfjs-backend-wasm");
    if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu");
    if (!(await tf.setBackend(name))) reason = "it did not start";
    await tf.ready();
    if (name === "cpu") quietFirstUse();
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  if (reason !== "" || tf.getBackend() !== name) {
    const active = tf.getBackend() || "none";
    throw new Error(
      `chooseBackend: TensorFlow.js back end "${name}" is not available (${reason || `${active} is active`}); ` +
        `${remedy} or choose another one`,
    );
  }
}

/** The cpu back end advertises another package on the console when its first tensor is made, unless in production mode. */
function quietFirstUse(): void {
  const before = tf.env().getBool("PROD");
  tf.env().set("PROD", true);
  tf.scalar(0).dispose();
  tf.env().set("PROD", before);
}

/** Throws when no back end is active: the functions that make tensors without being asynchronous start here. */
export function requireBackend(caller: string): void {
  if (!tf.getBackend()) {
    throw new Error(`${caller}: no TensorFlow.js back end is active, call \`await chooseBackend()\` first`);
  }
}
