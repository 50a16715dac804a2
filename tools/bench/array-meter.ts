import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Arrays below this size are not worth a collection each; they are counted with the next large one. */
const LARGE = 4096;

/** Measures what functions hold in array buffers. */
export interface ArrayMeter {
  /**
   * Peak bytes that `work` holds beyond what was there before it: the live bytes of array buffers after a forced garbage
   * collection, looked at whenever `work` makes a typed array of 4 kB or more, and when it is done, and all of the
   * WebAssembly memories made since the meter started, which may be kept from call to call. The JavaScript heap does not
   * count, nor do arrays below 64 bytes, which lie in it.
   */
  peak(work: () => Promise<object>): Promise<number>;
  /** Undoes what watching needs. */
  stop(): void;
}

/** Starts a meter: before the first call of what it is to measure. */
export function startArrayMeter(): ArrayMeter {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const live = (): number => {
    // the second round frees buffers that the first found dead
    collect();
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const memories: WebAssembly.Memory[] = [];
  const memoryBytes = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return {
    stop: watchMemories(memories),
    async peak(work) {
      const before = live();
      let peak = 0;
      const look = (): void => {
        peak = Math.max(peak, live() - before + memoryBytes());
      };
      const restore = watchTypedArrays((bytes) => {
        if (bytes >= LARGE) look();
      });
      try {
        // held until the last look
        const result = await work();
        look();
        return result === null ? Number.NaN : peak;
      } finally {
        restore();
      }
    },
  };
}

/** Calls `made` with the size of every typed array that is made until the returned function is called. */
function watchTypedArrays(made: (bytes: number) => void): () => void {
  const kinds = [Float32Array, Float64Array, Int32Array, Uint32Array];
  const define = (owner: object, name: string, value: unknown): void => {
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  };
  for (const kind of kinds) {
    const watched = new Proxy(kind, {
      construct(target, parameters, newTarget) {
        // called through the proxy the new target is the proxy itself: let the array be an ordinary one
        const array: unknown = Reflect.construct(
          target,
          parameters,
          newTarget === watched ? target : newTarget,
        );
        // a view on a buffer that is there already takes nothing
        if (ArrayBuffer.isView(array) && !(parameters[0] instanceof ArrayBuffer)) made(array.byteLength);
        return Object(array);
      },
    });
    define(globalThis, kind.name, watched);
    // where slice, map and filter look for what to make
    define(kind.prototype, "constructor", watched);
  }
  return () => {
    for (const kind of kinds) {
      define(globalThis, kind.name, kind);
      define(kind.prototype, "constructor", kind);
    }
  };
}

/** Adds every WebAssembly memory that is made to `memories` until the returned function is called. */
function watchMemories(memories: WebAssembly.Memory[]): () => void {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, [descriptor]) {
      const memory = new target(descriptor);
      memories.push(memory);
      return memory;
    },
  });
  return () => {
    WebAssembly.Memory = Memory;
  };
}
