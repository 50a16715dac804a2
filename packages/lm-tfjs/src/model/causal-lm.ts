import type { Matrix } from "@colm/array";
import type { Batch } from "@colm/data";
import { dataOf, type Parameter, shapeOf } from "../blocks/parameter.ts";
import type { AdapterConfig } from "../checkpoint/adapter-config.ts";
import type { Files } from "../checkpoint/files.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import { hiddenStates, logits, losses } from "../passes/evaluate.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { adapterParameters, baseParameters, type ModelWeights } from "./weights.ts";

/** What `parameters` says about one parameter. */
export interface ParameterView {
  readonly shape: number[];
  readonly trainable: boolean;
  /** A fresh copy of the values, row-major. */
  data(): Promise<Float32Array>;
}

/** What a model knows about the folder it comes from. */
export interface ModelOrigin {
  readonly tokenizer?: Tokenizer | undefined;
  readonly source?: string | Files;
}

/** A causal language model and the tensors it owns. Made by `loadModel` or `createModel`. */
export class CausalLM {
  readonly config: ModelConfig;
  readonly tokenizer?: Tokenizer;
  /** The parameters. `addLora` puts another value here. */
  weights: ModelWeights;
  /** Settings of the LoRA adapter, if there is one. */
  lora?: AdapterConfig;
  /** Where the model was loaded from; its tokenizer files are copied from there when it is saved. */
  readonly source?: string | Files;

  constructor(config: ModelConfig, weights: ModelWeights, origin: ModelOrigin = {}) {
    this.config = config;
    this.weights = weights;
    if (origin.tokenizer) this.tokenizer = origin.tokenizer;
    if (origin.source !== undefined) this.source = origin.source;
  }

  /** Logits of every position, a fresh `[batch tokens, vocabulary]`. @throws {RangeError} If the batch does not fit the model. */
  logits(batch: Batch): Promise<Matrix> {
    return logits(this, batch);
  }

  /**
   * Mean cross-entropy of each example over its labelled tokens, in nats, 0 where it has none.
   *
   * @throws {RangeError} If the batch does not fit the model.
   */
  losses(batch: Batch): Promise<Float32Array> {
    return losses(this, batch);
  }

  /**
   * Hidden states `[batch tokens, hidden]`, counted as transformers does: 0 the embedding, k the output of block k, the
   * last one behind the final norm.
   *
   * @throws {RangeError} If the batch does not fit the model or the layer is not in [0, layers].
   */
  hiddenStates(batch: Batch, layer: number): Promise<Matrix> {
    return hiddenStates(this, batch, layer);
  }

  /** Every parameter by its Hugging Face or PEFT name; a tied head stands once, as the embedding. */
  parameters(): Map<string, ParameterView> {
    return new Map(
      this.allParameters().map((parameter) => [
        parameter.name,
        {
          shape: shapeOf(parameter),
          trainable: parameter.value.trainable,
          data: () => dataOf(parameter),
        },
      ]),
    );
  }

  /** The parameters themselves, base model first. */
  allParameters(): Parameter[] {
    return [...baseParameters(this.weights), ...adapterParameters(this.weights)];
  }

  /** Frees every tensor of the model, which must not be used any more. */
  dispose(): void {
    for (const { value } of this.allParameters()) value.dispose();
  }
}
