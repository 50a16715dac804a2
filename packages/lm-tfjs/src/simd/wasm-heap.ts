import * as tf from "@tensorflow/tfjs-core";

/** The part of TensorFlow.js's wasm back end that kernels of our own work on: its memory, and where tensors lie in it. */
export interface WasmHeap {
  readonly memory: WebAssembly.Memory;
  /** Address of a tensor's first entry. */
  address(tensor: tf.TensorInfo): number;
  /** A fresh tensor of undefined contents. */
  allocate(shape: number[]): tf.TensorInfo;
  free(tensor: tf.TensorInfo): void;
}

interface WasmBackend {
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } };
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: "float32"): tf.TensorInfo;
  disposeData(id: object): boolean;
}

/** The heap of the active back end; undefined where it is another one, or a version whose insides are not known. */
export function wasmHeap(): WasmHeap | undefined {
  const backend: unknown = tf.getBackend() === "wasm" ? tf.backend() : undefined;
  if (!tf.version_core.startsWith("4.22.") || !isWasmBackend(backend)) return undefined;
  return {
    memory: backend.wasm.asm.memory,
    address: ({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset,
    allocate: (shape) => backend.makeOutput(shape, "float32"),
    free: ({ dataId }) => {
      backend.disposeData(dataId);
    },
  };
}

function isWasmBackend(value: unknown): value is WasmBackend {
  return (
    hasField(value, "makeOutput") &&
    hasField(value, "disposeData") &&
    hasField(value, "dataIdMap") &&
    hasField(value, "wasm") &&
    hasField(value.wasm, "asm") &&
    hasField(value.wasm.asm, "memory") &&
    value.wasm.asm.memory instanceof WebAssembly.Memory
  );
}

function hasField<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === "object" && value !== null && key in value;
}
