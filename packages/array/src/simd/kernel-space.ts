/** A WebAssembly instance and the memory that it works on. */
export interface KernelSpace {
  /** What the module exports: to be asserted by who knows it. */
  readonly exports: unknown;
  /** The memory as it is now: growing it replaces the buffer and empties every view of the old one. */
  readonly buffer: ArrayBuffer;
  /** Makes the memory at least `bytes` long. */
  reserve(bytes: number): void;
}

/** Functions that a WebAssembly module calls, by their names in `env`. */
export type KernelImports = Readonly<Record<string, (...numbers: number[]) => void>>;

/** What is used of the platform; pure packages know no platform's types. */
declare const WebAssembly:
  | {
      Module: new (bytes: Uint8Array) => object;
      Memory: new (limits: {
        initial: number;
      }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
      Instance: new (module: object, imports: object) => { readonly exports: unknown };
      validate(bytes: Uint8Array): boolean;
    }
  | undefined;

const PAGE = 65536;

/**
 * Compiles an inlined WebAssembly module and gives it a memory of its own, one page of 64 kB to begin with.
 *
 * @param binary - The module, two hexadecimal digits a byte. It imports its memory as `env.memory`.
 * @param imports - What else it imports, by its name in `env`.
 * @returns The instance; nothing is kept here, so whoever calls keeps it. Undefined where the platform has no WebAssembly
 *   or not the instructions that the module uses: then plain code must serve.
 * @remarks Takes about a millisecond for a module of some kB, and 64 kB of memory, which never shrinks.
 * @example
 * openKernels(""); // => undefined
 */
export function openKernels(binary: string, imports: KernelImports = {}): KernelSpace | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  const bytes = new Uint8Array(binary.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(binary.slice(2 * i, 2 * i + 2), 16);
  if (!WebAssembly.validate(bytes)) return undefined;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { ...imports, memory },
  });
  return {
    exports,
    get buffer() {
      return memory.buffer;
    },
    reserve(total) {
      const missing = total - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    },
  };
}
