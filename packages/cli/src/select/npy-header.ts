import { inputError } from "../input-error.ts";

/** What a `.npy` file says of its array. */
export interface NpyHeader {
  /** NumPy's name of the type, e.g. `"<f4"`. */
  readonly descr: string;
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** First byte of the entries. */
  readonly start: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

// one entry of the dictionary: a name in quotes, and a text, a truth value or a tuple of natural numbers
const ENTRY =
  /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"]*)\3|(True|False)|\(\s*((?:\d+\s*,\s*)*(?:\d+\s*)?)\))\s*(?:,|(?=\}))/y;

/**
 * The header of a `.npy` file, versions 1.0, 2.0 and 3.0.
 *
 * @param file - How errors call the file.
 * @param bytes - The whole file.
 * @throws {Error} If it does not begin as such a file does, is cut off, or its dictionary is not the three entries that NumPy
 *   writes. One line, for the user.
 * @remarks The format: NumPy Enhancement Proposal 1 and `numpy.lib.format`. The dictionary is read as data, never evaluated.
 */
export function npyHeader(file: string, bytes: Uint8Array): NpyHeader {
  const refuse = (condition: string, got: string): Error =>
    inputError(`"${file}" must ${condition}, got ${got}`);
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw refuse("begin as a .npy file does", `${bytes.length} bytes that begin otherwise`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    throw refuse("be a .npy file of version 1.0, 2.0 or 3.0", `${major}.${minor}`);
  }
  const textStart = major === 1 ? 10 : 12;
  if (bytes.length < textStart) throw refuse("contain its own header", `a file of ${bytes.length} bytes`);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = textStart + length;
  if (start > bytes.length) {
    throw refuse("contain its own header", `a header of ${length} bytes in a file of ${bytes.length}`);
  }
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(textStart, start));
  const fields = dictionary(text);
  const descr = fields?.get("descr");
  const fortranOrder = fields?.get("fortran_order");
  const shape = fields?.get("shape");
  if (
    fields?.size !== 3 ||
    typeof descr !== "string" ||
    typeof fortranOrder !== "boolean" ||
    !Array.isArray(shape)
  ) {
    const shown = text.trim().slice(0, 100).replaceAll(/\s+/g, " ");
    throw refuse("describe one plain array by descr, fortran_order and shape", JSON.stringify(shown));
  }
  return { descr, fortranOrder, shape, start };
}

/** The entries of a Python dictionary of texts, truth values and tuples; undefined for anything else. */
function dictionary(text: string): Map<string, string | boolean | number[]> | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) return undefined;
  const fields = new Map<string, string | boolean | number[]>();
  const entry = new RegExp(ENTRY);
  entry.lastIndex = 1;
  let reached = 1;
  for (let match = entry.exec(trimmed); match !== null; match = entry.exec(trimmed)) {
    const [, , name, , words, truth, sizes = ""] = match;
    if (fields.has(name)) return undefined;
    fields.set(name, words ?? (truth === undefined ? tuple(sizes) : truth === "True"));
    reached = entry.lastIndex;
  }
  return trimmed.slice(reached).trim() === "}" ? fields : undefined;
}

function tuple(text: string): number[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
}
