import { createHash } from "node:crypto";
import type { Example, ListOf } from "@colm/data";
import { takeExamples } from "./example-list.ts";

/** What was once computed: a list stays as it is while a run goes on. */
const known = new WeakMap<ListOf<Example>, Promise<string>>();

/**
 * SHA-256 of a training set in hexadecimal: tokens, labels and sources in order.
 *
 * @param examples - The training set; read once, on demand where it is such a list, however often it is asked for.
 * @throws {Error} If one cannot be read: which, and why.
 */
export function examplesDigest(examples: ListOf<Example>): Promise<string> {
  const found = known.get(examples) ?? digest(examples);
  known.set(examples, found);
  return found;
}

/**
 * Throws unless a training set is the one that a checkpoint was written with.
 *
 * @param path - The checkpoint.
 * @param written - The digest that it holds; older ones hold none, and their examples are only counted.
 */
export async function requireSameExamples(
  path: string,
  written: unknown,
  examples: ListOf<Example>,
): Promise<void> {
  if (written === undefined || written === (await examplesDigest(examples))) return;
  throw new RangeError(
    `train: "trainDataset" must be the examples in the order as in the checkpoint ${path}, got others or another order`,
  );
}

async function digest(examples: ListOf<Example>): Promise<string> {
  const hash = createHash("sha256");
  for (let i = 0; i < examples.length; i++) {
    const [{ inputIds, labels, source }] = await takeExamples("trainDataset", examples, [i]);
    // lengths first: where one entry ends and the next begins must not be a matter of their contents
    hash.update(JSON.stringify([inputIds.length, labels.length, source]));
    for (const { buffer, byteOffset, byteLength } of [inputIds, labels]) {
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest("hex");
}
