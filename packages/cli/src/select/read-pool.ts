import { readFile } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import { type Matrix, matrix, requireMatrix } from "@colm/array";
import { folder, readSafetensors } from "@colm/lm-tfjs";
import { inputError } from "../input-error.ts";
import { readNpy } from "./read-npy.ts";
import { type Sources, sourcesOf } from "./sources.ts";

/** The examples among which to choose. */
export interface LabelledPool {
  /** `[n, d]`, finite. */
  readonly features: Matrix;
  /** Absent where all examples are of one source. */
  readonly sources: Sources | undefined;
}

/** Where {@link readPool} reads. */
export interface PoolFiles {
  /** A `.safetensors` or `.npy` file. */
  readonly features: string;
  /** Name of the features in a `.safetensors` file. */
  readonly tensor: string;
  /** A `.json` or `.npy` file. */
  readonly sources: string | undefined;
  /** Name of the sources in a `.safetensors` file of features. */
  readonly sourcesTensor: string | undefined;
}

/** An array of a file, row-major unless it says otherwise. */
interface FileArray {
  readonly shape: readonly number[];
  readonly fortranOrder?: boolean;
  readonly data: ArrayLike<number | bigint>;
}

/** float32 tells natural numbers apart up to here. */
const EXACT = 2 ** 24;

/**
 * Reads features and sources.
 *
 * @param files - Paths and names.
 * @returns The pool, all its claims checked.
 * @throws {Error} If a file is missing, lies, or does not fit the other. One line, for the user.
 */
export async function readPool(files: PoolFiles): Promise<LabelledPool> {
  const { features: path, sources: list, sourcesTensor } = files;
  const kind = extname(path);
  if (kind !== ".safetensors" && kind !== ".npy") {
    throw inputError(`--features must be a .safetensors or .npy file, got "${path}"`);
  }
  if (list !== undefined && sourcesTensor !== undefined) {
    throw inputError("--sources and --sources-tensor must not both be given");
  }
  if (kind === ".npy") {
    if (sourcesTensor !== undefined) {
      throw inputError(`--sources-tensor must go with a .safetensors file, got "${path}"`);
    }
    const features = featureMatrix(path, readNpy(path, await readBytes("--features", path)));
    return { features, sources: await readSources(list, features.shape[0]) };
  }
  const tensors = await openTensors(path);
  const features = featureMatrix(path, named(tensors, path, files.tensor));
  const [n] = features.shape;
  if (sourcesTensor === undefined) return { features, sources: await readSources(list, n) };
  const labels = integers(path, named(tensors, path, sourcesTensor));
  const large = labels.findIndex((label) => label >= EXACT);
  if (large >= 0) {
    throw inputError(
      `"${path}" must hold sources below ${EXACT}, got ${labels[large]} at ${large}: give larger ones as --sources`,
    );
  }
  return { features, sources: sourcesOf(`"${sourcesTensor}" of "${path}"`, labels, n) };
}

async function readSources(path: string | undefined, size: number): Promise<Sources | undefined> {
  if (path === undefined) return undefined;
  const kind = extname(path);
  if (kind !== ".json" && kind !== ".npy") {
    throw inputError(`--sources must be a .json or .npy file, got "${path}"`);
  }
  const bytes = await readBytes("--sources", path);
  if (kind === ".npy") return sourcesOf(`"${path}"`, integers(path, readNpy(path, bytes)), size);
  let labels: unknown;
  try {
    labels = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw inputError(`"${path}" must be JSON, got something else`);
  }
  return sourcesOf(`"${path}"`, labels, size);
}

async function readBytes(option: string, path: string): Promise<Uint8Array> {
  return readFile(path).catch((error) => {
    throw inputError(`${option} must be a readable file, got ${error.code} at ${path}`);
  });
}

async function openTensors(path: string): Promise<Map<string, FileArray>> {
  try {
    return new Map(await readSafetensors(folder(dirname(path)), basename(path)));
  } catch (error) {
    // the checks name the function that made them, which says nothing to the user
    if (error instanceof RangeError) throw inputError(error.message.replace(/^\w+: /, ""), error);
    throw error;
  }
}

function named(tensors: ReadonlyMap<string, FileArray>, path: string, name: string): FileArray {
  const found = tensors.get(name);
  if (found !== undefined) return found;
  const known = [...tensors.keys()].map((other) => `"${other}"`).join(", ");
  throw inputError(`"${path}" must hold a tensor "${name}", got ${known || "no tensors"}`);
}

function featureMatrix(path: string, { shape, fortranOrder = false, data }: FileArray): Matrix {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw inputError(`"${path}" must hold features of float32 or float64, got integers`);
  }
  if (shape.length !== 2 || shape[1] === 0) {
    throw inputError(`"${path}" must hold features [n, d] with d of at least 1, got [${shape.join(", ")}]`);
  }
  const [rows, columns] = shape;
  const features = fortranOrder ? matrix(data, columns, rows).transpose(1, 0) : matrix(data, rows, columns);
  requireMatrix("select", "features", features);
  return features;
}

/** The labels of a list of integers; a float that is none is refused with the rest, by its value. */
function integers(path: string, { shape, data }: FileArray): number[] {
  if (shape.length !== 1) {
    throw inputError(`"${path}" must hold sources [n], got [${shape.join(", ")}]`);
  }
  return Array.from(data, Number);
}
