import * as tf from "@tensorflow/tfjs-core";
import { type KernelArithmetic, kernelModule, type ModuleOptions } from "./kernel-module.ts";
import type { SetFlags } from "./revectorize.ts";
import { requireSameBits } from "./same-bits.ts";
import { type WasmHeap, wasmHeap } from "./wasm-heap.ts";

/** Sizes of one attention call: `batch` sequences of `tokens`, `heads` query heads over `kvHeads` key-value heads. */
export interface AttentionShape {
  readonly batch: number;
  readonly tokens: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  /** How many keys a query sees at most, itself included, at least 1; as many as there are when absent. */
  readonly window?: number;
}

/** Which entries fall out: those whose 16 bits at Philox counter (block of 8, site, example, step) are below the threshold. */
export interface DropoutKey {
  /** Int32, one for each row. */
  readonly examples: tf.Tensor;
  /** Int32, one for each row. */
  readonly positions: tf.Tensor;
  readonly site: number;
  readonly step: number;
  readonly key: readonly [low: number, high: number];
  readonly threshold: number;
  readonly kept: number;
}

/** Two matrices to be multiplied; `turned`: the second one lies as its transpose. */
export type Factors = readonly [a: tf.Tensor, b: tf.Tensor, turned?: boolean];

/** What a norm divides by: the root mean square of a row, after its mean is taken away where it is `centred`. */
export interface NormKind {
  readonly centred: boolean;
  readonly epsilon: number;
}

/**
 * Chains of operations in one WebAssembly SIMD kernel each (sources in `assembly/`), on the memory of TensorFlow.js's own wasm
 * back end: nothing is copied in or out. Rows and widths that are not multiples of 4 stay with TensorFlow.js.
 */
export interface FusedKernels {
  /** How matrix products round. */
  readonly arithmetic: KernelArithmetic;
  /** Whether the engine has paired vectors of these kernels. */
  readonly revectorized: boolean;
  attention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, lengths: tf.Tensor, shape: AttentionShape): tf.Tensor;
  /** Gradients by q, k and v. */
  attentionGradient(
    pass: { q: tf.Tensor; k: tf.Tensor; v: tf.Tensor; dcontext: tf.Tensor },
    lengths: tf.Tensor,
    shape: AttentionShape,
  ): { dq: tf.Tensor; dk: tf.Tensor; dv: tf.Tensor };
  /** Every head of `x` turned by its position, backwards for `sign` -1: as many of its `headSize` entries as the tables, `[tokens, turned / 2]`, say. */
  rotate(x: tf.Tensor, cosine: tf.Tensor, sine: tf.Tensor, headSize: number, sign: 1 | -1): tf.Tensor;
  norm(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor | undefined, kind: NormKind): tf.Tensor;
  /** The gradient by `x`, and, where it is asked for, `dy` times the normed `x`: the terms of the gradient by the weight. */
  normGradient(
    x: tf.Tensor,
    weight: tf.Tensor,
    dy: tf.Tensor,
    kind: NormKind,
    withTerms: boolean,
  ): { dx: tf.Tensor; terms?: tf.Tensor };
  /** The entries of `x` that do not fall out, times `kept`; its width a multiple of 4. */
  dropEntries(x: tf.Tensor, draw: DropoutKey): tf.Tensor;
  /** `x Phi(x)`, or its approximation by tanh where `exact` is false. */
  gelu(x: tf.Tensor, exact: boolean): tf.Tensor;
  geluGradient(x: tf.Tensor, dy: tf.Tensor, exact: boolean): tf.Tensor;
  swiglu(gate: tf.Tensor, up: tf.Tensor): tf.Tensor;
  /** The gradients by gate and up, and `y`, what `swiglu` gives. */
  swigluGradient(
    gate: tf.Tensor,
    up: tf.Tensor,
    dy: tf.Tensor,
  ): { y: tf.Tensor; dgate: tf.Tensor; dup: tf.Tensor };
  /** `sum_i a_i b_i` over pairs `[rows, k_i]`, `[k_i, width]`. */
  sumOfProducts(pairs: readonly Factors[]): tf.Tensor;
  /**
   * Of each row z of `logits` with target t: `max z - z_t` and `sum_j exp(z_j - max z)`, each `[rows]`. Where `replace` is true
   * the logits become their softmax, in their own place.
   */
  crossEntropy(logits: tf.Tensor, targets: tf.Tensor, replace: boolean): { gaps: tf.Tensor; sums: tf.Tensor };
  /** `a' b`; over the rows `[start, end)` alone where they are given, of which there must be one. */
  transposedProduct(a: tf.Tensor, b: tf.Tensor, rows?: readonly [start: number, end: number]): tf.Tensor;
}

/** Floats of scratch in which a product finishes tiles that are not whole, with some to spare. */
const TILE = 128;

/** Most columns of a panel. */
const PANEL = 16;

/** Most rows and columns of a right factor that `sumOfProducts` packs at a time, and rows that `transposedProduct` does. */
const DEPTH = 384;
const COLUMNS = 384;
const CHUNK = 128;

const byBackend = new WeakMap<object, FusedKernels>();

/** The kernels on the active back end, or undefined where it has none and the plain operations serve. */
export function fusedKernels(): FusedKernels | undefined {
  const heap = wasmHeap();
  return heap && (byBackend.get(heap.memory) ?? startKernels(heap));
}

/** Starts the kernels of the active back end anew, if it has any: `exact` or as they were, with paired vectors where `setFlags` is given. */
export function restartKernels({
  exact,
  setFlags,
}: {
  exact: boolean | undefined;
  setFlags: SetFlags | undefined;
}): void {
  const heap = wasmHeap();
  const present = fusedKernels();
  if (!heap || !present) return;
  const options = { exact: exact ?? present.arithmetic === "exact", setFlags };
  const kernels = onHeap(heap, options);
  if (setFlags) requireSameBits(kernels, onHeap(heap, { exact: options.exact }));
  byBackend.set(heap.memory, kernels);
}

function startKernels(heap: WasmHeap): FusedKernels {
  const kernels = onHeap(heap, { exact: false });
  byBackend.set(heap.memory, kernels);
  return kernels;
}

function onHeap({ memory, address, allocate, free }: WasmHeap, options: ModuleOptions): FusedKernels {
  const { module, arithmetic } = kernelModule(options);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const call = (
    name: string,
    tensors: readonly (tf.TensorInfo | undefined)[],
    numbers: readonly number[],
  ): void => {
    const kernel = exports[name];
    if (typeof kernel !== "function") throw new Error(`fusedKernels: no kernel is named ${name}`);
    kernel(...tensors.map((tensor) => (tensor ? address(tensor) : 0)), ...numbers);
  };
  const output = (shape: number[]): tf.Tensor => tf.engine().makeTensorFromTensorInfo(allocate(shape));
  const withScratch = (floats: number, run: (scratch: tf.TensorInfo) => void): void => {
    const scratch = allocate([floats]);
    run(scratch);
    free(scratch);
  };
  const sizes = ({ batch, tokens, heads, kvHeads, headSize, window = tokens }: AttentionShape): number[] => [
    batch,
    tokens,
    heads,
    kvHeads,
    headSize,
    Math.min(window, tokens),
  ];
  const revectorized = options.setFlags !== undefined;
  if (revectorized) call("widenPanels", [], []);
  return {
    arithmetic,
    revectorized,
    attention(q, k, v, lengths, shape) {
      const context = output(q.shape);
      const [padded, width] = [paddedTo(PANEL, shape.tokens), paddedTo(PANEL, shape.headSize)];
      withScratch(TILE + 2 * width * padded + 6 * (padded + 16), (scratch) => {
        call("attentionForward", [q, k, v, context, lengths, scratch], sizes(shape));
      });
      return context;
    },
    attentionGradient({ q, k, v, dcontext }, lengths, shape) {
      const [dq, dk, dv] = [output(q.shape), output(k.shape), output(v.shape)];
      const [padded, width] = [paddedTo(PANEL, shape.tokens), paddedTo(PANEL, shape.headSize)];
      withScratch(TILE + 5 * width * padded + 2 * shape.tokens * (padded + 16), (scratch) => {
        call("attentionBackward", [q, k, v, dcontext, dq, dk, dv, lengths, scratch], sizes(shape));
      });
      return { dq, dk, dv };
    },
    rotate(x, cosine, sine, headSize, sign) {
      const y = output(x.shape);
      const [rows, width] = x.shape;
      const [tokens, half] = cosine.shape;
      const numbers = [rows / tokens, tokens, width / headSize, headSize, 2 * half, sign];
      call("rotate", [x, y, cosine, sine], numbers);
      return y;
    },
    norm(x, weight, bias, { centred, epsilon }) {
      const y = output(x.shape);
      const [rows, width] = x.shape;
      call("norm", [x, weight, bias, y], [rows, width, centred ? 1 : 0, epsilon]);
      return y;
    },
    normGradient(x, weight, dy, { centred, epsilon }, withTerms) {
      const dx = output(x.shape);
      const terms = withTerms ? output(x.shape) : undefined;
      const [rows, width] = x.shape;
      call("normGradient", [x, weight, dy, dx, terms], [rows, width, centred ? 1 : 0, epsilon]);
      return terms ? { dx, terms } : { dx };
    },
    dropEntries(x, { examples, positions, site, step, key, threshold, kept }) {
      const y = output(x.shape);
      const [rows, width] = x.shape;
      const numbers = [rows, width, site, step, ...key, threshold, kept];
      call("dropEntries", [x, y, examples, positions], numbers);
      return y;
    },
    gelu(x, exact) {
      const y = output(x.shape);
      call("gelu", [x, y], [x.size, exact ? 1 : 0]);
      return y;
    },
    geluGradient(x, dy, exact) {
      const dx = output(x.shape);
      call("geluGradient", [x, dy, dx], [x.size, exact ? 1 : 0]);
      return dx;
    },
    swiglu(gate, up) {
      const y = output(gate.shape);
      call("swiglu", [gate, up, y], [gate.size]);
      return y;
    },
    swigluGradient(gate, up, dy) {
      const [dgate, dup, y] = [output(gate.shape), output(gate.shape), output(gate.shape)];
      call("swigluGradient", [gate, up, dy, dgate, dup, y], [gate.size]);
      return { y, dgate, dup };
    },
    sumOfProducts(pairs) {
      const [[first, { shape }, turnedFirst]] = pairs;
      const [rows] = first.shape;
      const width = turnedFirst ? shape[0] : (shape[1] ?? 0);
      const c = output([rows, width]);
      pairs.forEach(([a, b, turned], i) => {
        const [, depth] = a.shape;
        const floats = TILE + Math.min(depth, DEPTH) * Math.min(paddedTo(PANEL, width), COLUMNS);
        withScratch(floats, (scratch) => {
          const flags = [i === 0 ? 0 : 1, turned ? 1 : 0];
          call("rowProduct", [a, b, c, scratch], [rows, width, depth, ...flags]);
        });
      });
      return c;
    },
    crossEntropy(logits, targets, replace) {
      const [rows, width] = logits.shape;
      const [gaps, sums] = [output([rows]), output([rows])];
      call("crossEntropy", [logits, targets, gaps, sums], [rows, width, replace ? 1 : 0]);
      return { gaps, sums };
    },
    transposedProduct(a, b, [start, end] = [0, a.shape[0]]) {
      const [, m] = a.shape;
      const [, n] = b.shape;
      const c = output([m, n]);
      withScratch(TILE + CHUNK * PANEL, (scratch) =>
        call("transposedProduct", [a, b, c, scratch], [start, end, m, n]),
      );
      return c;
    },
  };
}

function paddedTo(multiple: number, length: number): number {
  return Math.ceil(length / multiple) * multiple;
}
