import { canBeHalved, type WeightPrecision } from "../blocks/parameter.ts";
import type { ModelConfig } from "./model-config.ts";
import { weightShapes } from "./weight-shapes.ts";

/** Bytes that a model takes to be loaded, known from its configuration alone. */
export interface MemoryNeed {
  /** Weights, embeddings included; a tied head counts once. */
  readonly parameters: number;
  /** What the model holds once it is loaded: 4 bytes a weight, or 2 in matrices held as float16. */
  readonly weightBytes: number;
  /** The largest weight in float32: what is held besides while it is read. */
  readonly largestBytes: number;
}

/**
 * How much memory the weights of a model take, before anything is read.
 *
 * @param config - As `parseModelConfig` returns it.
 * @param options - `weights`: how matrices are held, `"float32"` (default) or `"float16"`, as for `loadModel`.
 * @returns Parameters and bytes. Activations, gradients and an optimizer come on top.
 * @example
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * memoryNeed(config); // => { parameters: 204, weightBytes: 816, largestBytes: 128 }
 * memoryNeed(config, { weights: "float16" }).weightBytes; // => 432
 */
export function memoryNeed(
  config: ModelConfig,
  { weights = "float32" }: { readonly weights?: WeightPrecision } = {},
): MemoryNeed {
  let parameters = 0;
  let weightBytes = 0;
  let largest = 0;
  for (const shape of weightShapes(config).values()) {
    const size = shape.reduce((product, length) => product * length, 1);
    parameters += size;
    weightBytes += (weights === "float16" && canBeHalved(shape) ? 2 : 4) * size;
    largest = Math.max(largest, size);
  }
  return { parameters, weightBytes, largestBytes: 4 * largest };
}

/** Refuses a model that does not fit, before anything of it is read. */
export function requireMemory(
  caller: string,
  config: ModelConfig,
  weights: WeightPrecision,
  limit: number,
  limitName: string,
): void {
  const { parameters, weightBytes, largestBytes } = memoryNeed(config, { weights });
  const needed = weightBytes + largestBytes;
  if (needed <= limit) return;
  throw new RangeError(
    `${caller}: ${limitName} must be at least ${needed} bytes (${parameters} parameters in ${weights}, and ${largestBytes} to read the ` +
      `largest weight), got ${limit}`,
  );
}
