import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { normal } from "@colm/array";
import { encodeSafetensors } from "@colm/lm-tfjs";
import { npyBytes, npyDictionary } from "./npy-bytes.ts";

/** What the files hold: 12 rows of 5 features, and a source for each row as a text and as a number. */
export const [n, d] = [12, 5];
export const values = normal(new Float32Array(n * d), { seed: 7 });
const labels = [...new Array(9).fill("common"), ...new Array(2).fill("rare"), "other"];
export const numbers = labels.map((label) => ["common", "other", "rare"].indexOf(label));

/** Writes good and bad files of features and sources into a folder of their own, and returns it. */
export function selectFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), "colm-select-"));
  const transposed = Float32Array.from(values, (_, i) => values[(i % n) * d + Math.floor(i / n)]);
  const write = (name: string, bytes: string | Uint8Array): void => writeFileSync(join(folder, name), bytes);
  write("c.npy", npyBytes(npyDictionary("<f4", [n, d]), values));
  write("fortran.npy", npyBytes(npyDictionary("<f4", [n, d], true), transposed));
  write("double.npy", npyBytes(npyDictionary("<f8", [n, d]), Float64Array.from(values)));
  write("line.npy", npyBytes(npyDictionary("<f4", [n * d]), values));
  write("integers.npy", npyBytes(npyDictionary("<i4", [n, d]), new Int32Array(n * d)));
  write("nan.npy", npyBytes(npyDictionary("<f4", [2, 1]), Float32Array.of(1, Number.NaN)));
  write("empty.npy", npyBytes(npyDictionary("<f4", [0, 5]), new Float32Array(0)));
  write("sources.npy", npyBytes(npyDictionary("<i8", [n]), BigInt64Array.from(numbers, BigInt)));
  write("square.npy", npyBytes(npyDictionary("<i8", [3, 4]), new BigInt64Array(12)));
  write("negative.npy", npyBytes(npyDictionary("|i1", [n]), new Int8Array(n).fill(-1)));
  write("sources.json", JSON.stringify(labels));
  write("numbers.json", JSON.stringify(numbers));
  write("short.json", "[0, 1]");
  write("mixed.json", JSON.stringify([...labels.slice(1), 3]));
  write("halves.json", JSON.stringify(labels.map(() => 0.5)));
  write("object.json", "{}");
  write("broken.json", "[0, ");
  write("cut.npy", npyBytes(npyDictionary("<f4", [n, d]), values).subarray(0, -3));
  const tensors = new Map([
    ["features", { shape: [n, d], data: values }],
    ["sources", { shape: [n], data: Float32Array.from(numbers) }],
    ["large", { shape: [n], data: new Float32Array(n).fill(2 ** 24) }],
  ]);
  const pool = Buffer.concat(encodeSafetensors(tensors));
  write("pool.safetensors", pool);
  write("cut.safetensors", pool.subarray(0, -4));
  return folder;
}
