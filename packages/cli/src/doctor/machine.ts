import { execFile } from "node:child_process";
import { availableParallelism, cpus, freemem, platform, release, totalmem } from "node:os";
import { promisify } from "node:util";
import { checked, type Row, told } from "./row.ts";

const NEEDED = [20, 19];

/** Node, processor, memory, WebAssembly and graphics of this machine. */
export async function machineRows(): Promise<Row[]> {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const isNew = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
  return [
    checked("machine", "node", isNew, `${process.version} (needs ${NEEDED.join(".")})`),
    told("machine", "system", `${platform()} ${release()} ${process.arch}`),
    told("machine", "processor", `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} usable cores`),
    told("machine", "memory", `${gibibytes(totalmem())}, ${gibibytes(availableMemory())} available now`),
    told("machine", "graphics", await graphics()),
    ...webAssembly(),
  ];
}

/** Bytes that a new process can have. */
export function availableMemory(): number {
  const { availableMemory: ask } = process;
  // the number that knows of a container's limit came with Node 20.13
  return typeof ask === "function" ? ask() : freemem();
}

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** What the vendors' own programs say; they are asked, not searched for. */
async function graphics(): Promise<string> {
  const run = promisify(execFile);
  try {
    const { stdout } = await run("nvidia-smi", ["--query-gpu=name,memory.total", "--format=csv,noheader"], {
      timeout: 5000,
    });
    return stdout.trim().replaceAll("\n", "; ");
  } catch {
    return "no NVIDIA driver answers (training here runs on the processor in any case)";
  }
}

// (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)), and its like
const FEATURES: readonly {
  readonly name: string;
  readonly needed: boolean;
  readonly module: readonly number[];
}[] = [
  {
    name: "simd",
    needed: true,
    module: [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253,
      98, 11,
    ],
  },
  {
    name: "relaxed simd",
    needed: false,
    module: [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65,
      2, 253, 15, 253, 128, 2, 11,
    ],
  },
  {
    name: "threads",
    needed: false,
    module: [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 11, 1, 9, 0, 65, 0,
      254, 16, 2, 0, 26, 11,
    ],
  },
];

/** Whether the engine takes small modules that use a feature each. */
function webAssembly(): Row[] {
  return FEATURES.map(({ name, needed, module }) => {
    const there = WebAssembly.validate(Uint8Array.from(module));
    const found = there ? "yes" : "no";
    return needed
      ? checked("machine", `wasm ${name}`, there, found)
      : told("machine", `wasm ${name}`, there ? found : "no: slower, and all the same");
  });
}
