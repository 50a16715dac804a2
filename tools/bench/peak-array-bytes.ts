import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Arrays below this size are not worth a collection each; they are counted with the next large one. */
const LARGE = 4096;

/**
 * Peak bytes of array buffers that `work` holds beyond what was there before it: the live bytes after a forced garbage
 * collection, looked at whenever `work` makes a typed array of 4 kB or more, and when it is done. The JavaScript heap is
 * not counted, nor are arrays below 64 bytes, which lie in it.
 */
export async function peakArrayBytes(work: () => Promise<unknown>): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const live = (): number => {
    // the second round frees buffers that the first found dead
    collect();
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = live();
  let peak = before;
  const restore = watchTypedArrays((bytes) => {
    if (bytes >= LARGE) peak = Math.max(peak, live());
  });
  try {
    const result = await work();
    peak = Math.max(peak, live());
    if (result === undefined) throw new TypeError("peakArrayBytes: work must return what it computed");
  } finally {
    restore();
  }
  return peak - before;
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
