import { architectureOf } from "../model/architectures/all.ts";
import type { ModelConfig } from "./model-config.ts";

/**
 * The weights of a checkpoint by the names that the model asks for: files of the bare model (`GPT2Model`, as the `gpt2` repository has
 * them) leave out the first part of every name, and some hold tables that are no weights, or the output layer beside a tied embedding.
 *
 * @param config - The model's configuration.
 * @param stored - Names in the files.
 * @returns Stored names by the model's names; what is not asked for is left out only where transformers leaves it out too.
 */
export function storedNames(config: ModelConfig, stored: Iterable<string>): Map<string, string> {
  const { names, tables } = architectureOf(config);
  const found = new Set(stored);
  const [root] = names.embedding.split(".");
  const short = names.embedding.slice(root.length + 1);
  const bare = !found.has(`${names.embedding}.weight`) && found.has(`${short}.weight`);
  const byName = new Map<string, string>();
  for (const name of found) {
    if (tables.some((table) => name.endsWith(table))) continue;
    if (config.tieWordEmbeddings && name === `${names.head}.weight`) continue;
    byName.set(bare && !name.startsWith(`${names.head}.`) ? `${root}.${name}` : name, name);
  }
  return byName;
}
