/** V8's own `setFlagsFromString`. */
export type SetFlags = (flags: string) => void;

const REVECTORIZE = "experimental-wasm-revectorize";

/** An empty custom section: V8 takes the code of a module with the same bytes that it has compiled before, without the flag. */
const MARK = Uint8Array.of(0, 2, 1, 0x77);

/** Whether Node.js was started with the flag: who gave it wants these kernels. */
export function startedWithFlag(): boolean {
  return typeof process !== "undefined" && process.execArgv?.includes(`--${REVECTORIZE}`);
}

/**
 * V8's switch for flags, where it can pair two neighbouring vectors of WebAssembly into a wide one.
 *
 * @throws {Error} Where the engine is another one or too old, or the processor has no wide vectors that V8 would use.
 */
export async function revectorizeFlags(caller: string): Promise<SetFlags> {
  const { versions, arch } = typeof process === "undefined" ? { versions: {}, arch: "none" } : process;
  const node = "node" in versions ? versions.node : "none";
  if (Number.parseInt(node, 10) >= 22 && arch === "x64") return (await import("node:v8")).setFlagsFromString;
  throw new Error(
    `${caller}: "revectorize" needs Node.js 22 or later on an x64 processor, got Node.js ${node} on ${arch}`,
  );
}

/**
 * Compiles a module whose neighbouring vectors are paired: with the experimental flag of V8, by its optimising compiler at once. Modules
 * that are compiled later are not touched.
 */
export function compileRevectorized(bytes: Uint8Array<ArrayBuffer>, setFlags: SetFlags): WebAssembly.Module {
  const marked = new Uint8Array(bytes.length + MARK.length);
  marked.set(bytes);
  marked.set(MARK, bytes.length);
  for (const flag of [`--${REVECTORIZE}`, "--no-liftoff", "--no-wasm-lazy-compilation"]) setFlags(flag);
  try {
    return new WebAssembly.Module(marked);
  } finally {
    for (const flag of [`--no-${REVECTORIZE}`, "--liftoff", "--wasm-lazy-compilation"]) setFlags(flag);
  }
}
