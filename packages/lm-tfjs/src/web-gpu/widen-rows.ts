import * as tf from "@tensorflow/tfjs-core";

/** A program as TensorFlow.js's webgpu back end runs it. */
interface Program {
  readonly shaderKey: string;
  readonly variableNames: string[];
  /** Components of an entry of each variable, and of the output. */
  readonly variableComponents: number[];
  readonly outputComponent: number;
  readonly outputShape: number[];
  readonly workgroupSize: [number, number, number];
  readonly dispatchLayout: { x: number[] };
  readonly dispatch: [number, number, number];
  /** Whether `uniforms.size` is declared: the number of threads that have something to do. */
  readonly size: boolean;
  getUserCode(): string;
}

interface WebGpuBackend {
  runWebGPUProgram(program: Program, inputs: tf.TensorInfo[], dtype: "float32"): tf.TensorInfo;
}

/** Threads of a workgroup. */
const THREADS = 64;

/**
 * Half-precision numbers as float32, on the webgpu back end: `[n, 2 words]` from `[n, words]` int32, two numbers in each, the first in its
 * lower half; of the rows `rows` alone where they are given.
 *
 * @throws {Error} If another back end is active, or a version whose insides are not known.
 * @remarks `unpack2x16float` is exact and part of WGSL itself: no adapter lacks it. Reads 2 and writes 4 bytes a number.
 */
export function widenRows(halves: tf.Tensor, rows?: Int32Array): tf.Tensor {
  const backend: unknown = tf.getBackend() === "webgpu" ? tf.backend() : undefined;
  if (!tf.version_core.startsWith("4.22.") || !isWebGpuBackend(backend)) {
    throw new Error(
      `weights held as float16 need the webgpu back end of TensorFlow.js 4.22, got ${tf.getBackend()} of ${tf.version_core}`,
    );
  }
  const [all, words] = halves.shape;
  const height = rows?.length ?? all;
  return tf.tidy(() => {
    const inputs = rows ? [halves, tf.tensor1d(rows, "int32")] : [halves];
    const output = backend.runWebGPUProgram(program(height, words, rows !== undefined), inputs, "float32");
    return tf.engine().makeTensorFromTensorInfo(output);
  });
}

function program(height: number, words: number, chosen: boolean): Program {
  const word = chosen
    ? "halves[chosen[index / uniforms.halvesShape.y] * uniforms.halvesShape.y + index % uniforms.halvesShape.y]"
    : "halves[index]";
  return {
    shaderKey: chosen ? "widenRows" : "widen",
    variableNames: chosen ? ["halves", "chosen"] : ["halves"],
    variableComponents: chosen ? [1, 1] : [1],
    outputComponent: 2,
    outputShape: [height, 2 * words],
    workgroupSize: [THREADS, 1, 1],
    dispatchLayout: { x: [0, 1] },
    dispatch: [Math.ceil((height * words) / THREADS), 1, 1],
    size: true,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          result[index] = unpack2x16float(bitcast<u32>(${word}));
        }
      }`,
  };
}

function isWebGpuBackend(value: unknown): value is WebGpuBackend {
  return typeof value === "object" && value !== null && "runWebGPUProgram" in value;
}
