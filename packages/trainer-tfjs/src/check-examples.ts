import { describe } from "@colm/array";
import { type Example, IGNORED, type ListOf } from "@colm/data";
import type { ModelConfig } from "@colm/lm-tfjs";
import { type ListFacts, listFacts } from "./example-list.ts";

/**
 * The facts of a data set each of whose examples fits the model, read once.
 *
 * @param name - What messages call the list.
 * @throws {TypeError | RangeError} At the first example that is no two Int32Arrays of the same length, has no token or more than the model has
 * positions, or a token or label outside the vocabulary: which one.
 */
export function checkedFacts(name: string, list: ListOf<Example>, config: ModelConfig): Promise<ListFacts> {
  return listFacts(name, list, (example, place) => requireExample(name, example, place, config));
}

function requireExample(
  name: string,
  { inputIds, labels }: Example,
  place: number,
  { vocabSize: vocabulary, maxPositionEmbeddings: positions }: ModelConfig,
): void {
  const demand = `train: "${name}" must have`;
  const at = `at example ${place}`;
  for (const [what, values] of Object.entries({ inputIds, labels })) {
    if (values instanceof Int32Array) continue;
    throw new TypeError(`${demand} ${what} in an Int32Array, got ${describe(values)} ${at}`);
  }
  const tokens = inputIds.length;
  if (tokens < 1 || tokens > positions) {
    throw new RangeError(
      `${demand} examples of 1 to ${positions} tokens, the model's positions, got ${tokens} ${at}`,
    );
  }
  if (labels.length !== tokens) {
    throw new RangeError(`${demand} a label for each token, got ${labels.length} for ${tokens} ${at}`);
  }
  for (let t = 0; t < tokens; t++) {
    const [id, label] = [inputIds[t], labels[t]];
    if (id < 0 || id >= vocabulary) {
      throw new RangeError(`${demand} token ids in [0, ${vocabulary}), got ${id} ${at}`);
    }
    if (label !== IGNORED && (label < 0 || label >= vocabulary)) {
      throw new RangeError(
        `${demand} labels that are ${IGNORED} or in [0, ${vocabulary}), got ${label} ${at}`,
      );
    }
  }
}
