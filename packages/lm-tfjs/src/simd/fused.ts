import * as tf from "@tensorflow/tfjs-core";
import { type KernelArithmetic, kernelModule } from "./kernel-module.ts";
import { type WasmHeap, wasmHeap } from "./wasm-heap.ts";

/** Sizes of one attention call: `batch` sequences of `tokens`, `heads` query heads over `kvHeads` key-value heads. */
export interface AttentionShape {
  readonly batch: number;
  readonly tokens: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
}

/**
 * Chains of operations in one WebAssembly SIMD kernel each (sources in `assembly/`), on the memory of TensorFlow.js's own wasm
 * back end: nothing is copied in or out. Rows and widths that are not multiples of 4 stay with TensorFlow.js.
 */
export interface FusedKernels {
  /** How matrix products round. */
  readonly arithmetic: KernelArithmetic;
  attention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, lengths: tf.Tensor, shape: AttentionShape): tf.Tensor;
  /** Gradients by q, k and v. */
  attentionGradient(
    pass: { q: tf.Tensor; k: tf.Tensor; v: tf.Tensor; dcontext: tf.Tensor },
    lengths: tf.Tensor,
    shape: AttentionShape,
  ): { dq: tf.Tensor; dk: tf.Tensor; dv: tf.Tensor };
  /** Every head of `x` turned by its position, backwards for `sign` -1. The tables are `[tokens, headSize / 2]`. */
  rotate(x: tf.Tensor, cosine: tf.Tensor, sine: tf.Tensor, sign: 1 | -1): tf.Tensor;
  swiglu(gate: tf.Tensor, up: tf.Tensor): tf.Tensor;
  swigluGradient(gate: tf.Tensor, up: tf.Tensor, dy: tf.Tensor): { dgate: tf.Tensor; dup: tf.Tensor };
  /** `sum_i a_i b_i` over pairs `[rows, k_i]`, `[k_i, width]`, the width a multiple of 4. */
  sumOfProducts(pairs: readonly (readonly [a: tf.Tensor, b: tf.Tensor])[]): tf.Tensor;
  /** `a' b`, the width of `b` a multiple of 4. */
  transposedProduct(a: tf.Tensor, b: tf.Tensor): tf.Tensor;
}

/** Scratch of `transposedProduct`, in floats. */
const PANEL = 1024;

const byBackend = new WeakMap<object, FusedKernels>();

/** The kernels on the active back end, or undefined where it has none and the plain operations serve. */
export function fusedKernels(): FusedKernels | undefined {
  const heap = wasmHeap();
  return heap && (byBackend.get(heap.memory) ?? startKernels(heap));
}

/** Starts the kernels of the active back end anew, with or without relaxed SIMD; nothing where it has none. */
export function restartKernels(options: { exact: boolean }): void {
  const heap = wasmHeap();
  if (heap) startKernels(heap, options);
}

function startKernels(heap: WasmHeap, options: { exact: boolean } = { exact: false }): FusedKernels {
  const kernels = onHeap(heap, options);
  byBackend.set(heap.memory, kernels);
  return kernels;
}

function onHeap({ memory, address, allocate, free }: WasmHeap, options: { exact: boolean }): FusedKernels {
  const { module, arithmetic } = kernelModule(options);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const call = (name: string, tensors: readonly tf.TensorInfo[], numbers: readonly number[]): void => {
    const kernel = exports[name];
    if (typeof kernel !== "function") throw new Error(`fusedKernels: no kernel is named ${name}`);
    kernel(...tensors.map(address), ...numbers);
  };
  const output = (shape: number[]): tf.Tensor => tf.engine().makeTensorFromTensorInfo(allocate(shape));
  const withScratch = (floats: number, run: (scratch: tf.TensorInfo) => void): void => {
    const scratch = allocate([floats]);
    run(scratch);
    free(scratch);
  };
  const sizes = ({ batch, tokens, heads, kvHeads, headSize }: AttentionShape): number[] => [
    batch,
    tokens,
    heads,
    kvHeads,
    headSize,
  ];
  const padded = ({ tokens }: AttentionShape): number => Math.ceil(tokens / 8) * 8;
  return {
    arithmetic,
    attention(q, k, v, lengths, shape) {
      const context = output(q.shape);
      withScratch((shape.headSize + 4) * padded(shape), (scratch) => {
        call("attentionForward", [q, k, v, context, lengths, scratch], sizes(shape));
      });
      return context;
    },
    attentionGradient({ q, k, v, dcontext }, lengths, shape) {
      const [dq, dk, dv] = [output(q.shape), output(k.shape), output(v.shape)];
      withScratch(2 * (shape.headSize + shape.tokens) * padded(shape), (scratch) => {
        call("attentionBackward", [q, k, v, dcontext, dq, dk, dv, lengths, scratch], sizes(shape));
      });
      return { dq, dk, dv };
    },
    rotate(x, cosine, sine, sign) {
      const y = output(x.shape);
      const [rows, width] = x.shape;
      const [tokens, half] = cosine.shape;
      call("rotate", [x, y, cosine, sine], [rows / tokens, tokens, width / (2 * half), 2 * half, sign]);
      return y;
    },
    swiglu(gate, up) {
      const y = output(gate.shape);
      call("swiglu", [gate, up, y], [gate.size]);
      return y;
    },
    swigluGradient(gate, up, dy) {
      const [dgate, dup] = [output(gate.shape), output(gate.shape)];
      call("swigluGradient", [gate, up, dy, dgate, dup], [gate.size]);
      return { dgate, dup };
    },
    sumOfProducts(pairs) {
      const [[rows], [, width]] = [pairs[0][0].shape, pairs[0][1].shape];
      const c = output([rows, width]);
      pairs.forEach(([a, b], i) => {
        withScratch(b.size, (scratch) => {
          call("rowProduct", [a, b, c, scratch], [rows, width, b.size / width, i === 0 ? 0 : 1]);
        });
      });
      return c;
    },
    transposedProduct(a, b) {
      const [rows, m] = a.shape;
      const [, n] = b.shape;
      const c = output([m, n]);
      withScratch(PANEL, (scratch) => call("transposedProduct", [a, b, c, scratch], [rows, m, n]));
      return c;
    },
  };
}
