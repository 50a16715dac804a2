import type { Architecture } from "./architecture.ts";
import { gpt2 } from "./gpt2.ts";
import { llama } from "./llama.ts";
import { mistral } from "./mistral.ts";
import { phi } from "./phi.ts";
import { phi3 } from "./phi3.ts";
import { qwen2 } from "./qwen2.ts";
import { qwen3 } from "./qwen3.ts";
import { stablelm } from "./stablelm.ts";

/** The architectures that can be read, by `model_type`. */
export const architectures: ReadonlyMap<string, Architecture> = new Map(
  [gpt2, llama, mistral, phi, phi3, qwen2, qwen3, stablelm].map((one) => [one.modelType, one]),
);

/** The description of a model's architecture. */
export function architectureOf({ modelType }: { readonly modelType: string }): Architecture {
  const found = architectures.get(modelType);
  if (found) return found;
  const known = [...architectures.keys()].map((name) => `"${name}"`).join(", ");
  throw new RangeError(`architectureOf: "modelType" must be one of ${known}, got "${modelType}"`);
}
