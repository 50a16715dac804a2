import { readFile } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import { type Matrix, matrix, requireMatrix } from "@colm/array";
import { readColumns } from "@colm/data";
import { heldFiles, readSafetensors } from "@colm/lm-tfjs";
import { inputError } from "../input-error.ts";
import { type FeatureFormat, formatOfBytes, formatOfPath } from "./feature-format.ts";
import { readLinesOfFeatures } from "./feature-lines.ts";
import { readNpy } from "./read-npy.ts";
import { rowsMatrix } from "./rows-matrix.ts";
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
  /** A `.safetensors`, `.npy`, `.parquet` or `.jsonl` file, or `-` for standard input. */
  readonly features: string;
  /** Name of the features: a tensor, a column, or a field. */
  readonly tensor: string;
  /** A `.json` or `.npy` file. */
  readonly sources: string | undefined;
  /** Name of the sources in the file of features. */
  readonly sourcesTensor: string | undefined;
}

/** Standard input, where there is one. */
export type Input = AsyncIterable<Uint8Array> | undefined;

/** An array of a file, row-major unless it says otherwise. */
interface FileArray {
  readonly shape: readonly number[];
  readonly fortranOrder?: boolean;
  readonly data: ArrayLike<number | bigint>;
}

/** Features, and the labels that the same file holds. */
interface ReadFeatures {
  readonly features: Matrix;
  readonly labels: readonly unknown[] | undefined;
  /** The line of each row, where a row is one. */
  readonly lines?: readonly number[];
}

/** float32 tells natural numbers apart up to here. */
const EXACT = 2 ** 24;

/**
 * Reads features and sources.
 *
 * @param files - Paths and names.
 * @param input - Standard input, for `-`.
 * @returns The pool, all its claims checked.
 * @throws {Error} If a file is missing, lies, or does not fit the other. One line, for the user.
 */
export async function readPool(files: PoolFiles, input?: Input): Promise<LabelledPool> {
  const { features: path, sources: list, sourcesTensor } = files;
  const named = path === "-" ? undefined : formatOfPath(path);
  if (list !== undefined && sourcesTensor !== undefined) {
    throw inputError("--sources and --sources-tensor must not both be given");
  }
  if (named === "npy" && sourcesTensor !== undefined) throw noNames(path);
  const bytes = path === "-" ? await readInput(input) : await readBytes("--features", path);
  const name = path === "-" ? "standard input" : path;
  const format = named ?? formatOfBytes(bytes);
  if (format === "npy" && sourcesTensor !== undefined) throw noNames(name);
  const { features, labels, lines } = await readers[format](name, bytes, files);
  const [n] = features.shape;
  if (labels === undefined) return { features, sources: await readSources(list, n) };
  return { features, sources: sourcesOf(`"${sourcesTensor}" of "${name}"`, labels, n, lines) };
}

function noNames(path: string): Error {
  return inputError(`--sources-tensor must go with a file that has names, got "${path}"`);
}

const readers: Record<
  FeatureFormat,
  (name: string, bytes: Uint8Array, files: PoolFiles) => Promise<ReadFeatures>
> = {
  npy: async (name, bytes) => ({ features: featureMatrix(name, readNpy(name, bytes)), labels: undefined }),
  safetensors: async (name, bytes, { tensor, sourcesTensor }) => {
    const tensors = await openTensors(name, bytes);
    const features = featureMatrix(name, namedTensor(tensors, name, tensor));
    if (sourcesTensor === undefined) return { features, labels: undefined };
    const labels = integers(name, namedTensor(tensors, name, sourcesTensor));
    const large = labels.findIndex((label) => label >= EXACT);
    if (large < 0) return { features, labels };
    throw inputError(
      `"${name}" must hold sources below ${EXACT}, got ${labels[large]} at ${large}: give larger ones as --sources`,
    );
  },
  parquet: async (name, bytes, { tensor, sourcesTensor }) => {
    const names = sourcesTensor === undefined ? [tensor] : [tensor, sourcesTensor];
    const columns = await readColumns(bytes, names).catch((error) => {
      // the checks name functions and arguments, which says nothing to the user
      if (!(error instanceof RangeError)) throw error;
      const [, known, got] =
        /"names" must be columns of the file \((.*)\), got (".*") in the bytes$/s.exec(error.message) ?? [];
      if (got !== undefined) throw inputError(`"${name}" must hold a column ${got}, got ${known}`, error);
      throw inputError(error.message.replace(/^\w+: /, "").replaceAll("the bytes", name), error);
    });
    const features = rowsMatrix(name, tensor, columns.get(tensor) ?? []);
    return { features, labels: columns.get(sourcesTensor ?? "")?.map(plainLabel) };
  },
  jsonl: async (name, bytes, { tensor, sourcesTensor }) => {
    const { rows, labels, lines } = readLinesOfFeatures(name, bytes, tensor, sourcesTensor);
    return { features: rowsMatrix(name, tensor, rows, lines), labels, lines };
  },
};

/** 64-bit integers of a table as numbers; what is no label is refused later, by its value. */
const plainLabel = (label: unknown): unknown => (typeof label === "bigint" ? Number(label) : label);

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

async function readInput(input: Input): Promise<Uint8Array> {
  if (input === undefined) throw inputError("--features - must have a standard input, got none");
  const pieces: Uint8Array[] = [];
  for await (const piece of input) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

async function openTensors(path: string, bytes: Uint8Array): Promise<Map<string, FileArray>> {
  const name = basename(path);
  const files = { ...heldFiles(new Map([[name, bytes]])), place: dirname(path) };
  try {
    return new Map(await readSafetensors(files, name));
  } catch (error) {
    // the checks name the function that made them, which says nothing to the user
    if (error instanceof RangeError) throw inputError(error.message.replace(/^\w+: /, ""), error);
    throw error;
  }
}

function namedTensor(tensors: ReadonlyMap<string, FileArray>, path: string, name: string): FileArray {
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
  requireFinite(path, features);
  return features;
}

/** Refuses features that are not finite, by their file. */
function requireFinite(path: string, features: Matrix): void {
  try {
    requireMatrix("select", "features", features);
  } catch (error) {
    const [, got] = /^select: "features" must be finite, (got .*)$/.exec(`${Object(error).message}`) ?? [];
    throw got === undefined ? error : inputError(`"${path}" must hold finite numbers, ${got}`, error);
  }
}

/** The labels of a list of integers; a float that is none is refused with the rest, by its value. */
function integers(path: string, { shape, data }: FileArray): number[] {
  if (shape.length !== 1) {
    throw inputError(`"${path}" must hold sources [n], got [${shape.join(", ")}]`);
  }
  return Array.from(data, Number);
}
