export type { WeightPrecision } from "./blocks/parameter.ts";
export { type Adapter, encodeAdapter, readAdapter } from "./checkpoint/adapter.ts";
export { type AdapterConfig, adapterConfigFields, parseAdapterConfig } from "./checkpoint/adapter-config.ts";
export { encodeSafetensors } from "./checkpoint/encode-safetensors.ts";
export { type Files, heldFiles } from "./checkpoint/files.ts";
export { folder } from "./checkpoint/folder.ts";
export { hubFiles } from "./checkpoint/hub-files.ts";
export { type MemoryNeed, memoryNeed } from "./checkpoint/memory-need.ts";
export { type ModelConfig, parseModelConfig } from "./checkpoint/model-config.ts";
export { modelConfigFields } from "./checkpoint/model-config-fields.ts";
export type { NamedArray } from "./checkpoint/named-array.ts";
export {
  type Checkpoint,
  type OpenCheckpoint,
  type OpenOptions,
  openCheckpoint,
  readCheckpoint,
} from "./checkpoint/read-checkpoint.ts";
export { readSafetensors } from "./checkpoint/read-safetensors.ts";
export type { RopeParameters } from "./checkpoint/rope.ts";
export { urlFiles } from "./checkpoint/url-files.ts";
export { writeFolder } from "./checkpoint/write-folder.ts";
export {
  type Choices,
  type ChoicesOptions,
  choiceLogLikelihoods,
} from "./generate/choice-log-likelihoods.ts";
export { generate } from "./generate/generate.ts";
export { type GenerateBatchOptions, generateBatch } from "./generate/generate-batch.ts";
export { generateTokens } from "./generate/generate-tokens.ts";
export type { GenerateOptions, TokenOptions } from "./generate/generation-options.ts";
export { type BackendName, type BackendOptions, chooseBackend, kernelArithmetic } from "./model/backend.ts";
export { CausalLM, type ParameterView } from "./model/causal-lm.ts";
export { createModel } from "./model/create-model.ts";
export type { FreshOptions } from "./model/fresh-weights.ts";
export { type LoadOptions, loadModel } from "./model/load-model.ts";
export { addLora, type LoraOptions } from "./model/lora.ts";
export { mergeAdapter, saveAdapter, saveModel } from "./model/save-model.ts";
export { setTrainable, trainableVariables } from "./model/trainable.ts";
export type { BatchDropout, DropoutDraw } from "./passes/batch-dropout.ts";
export { exactMatches } from "./passes/evaluate.ts";
export { forwardPool, type PoolPass } from "./passes/forward-pool.ts";
export {
  type GradientColumns,
  type LastBlockOptions,
  lastBlockColumns,
  lastBlockGradients,
} from "./passes/last-block-gradients.ts";
export type { ValueOptions } from "./passes/last-value.ts";
export { lastValueGradients } from "./passes/last-value-gradients.ts";
export { lastValueSpsa } from "./passes/last-value-spsa.ts";
export { type LossAndGradients, type LossOptions, lossAndGradients } from "./passes/loss-and-gradients.ts";
export { type PoolInputs, type PoolOptions, poolInputs } from "./passes/pool-inputs.ts";
export type { SketchOptions } from "./passes/sketch.ts";
export type { KernelArithmetic } from "./simd/kernel-module.ts";
export { createTokenizer, type Tokenizer } from "./tokenizer.ts";
export { type GraphicsAdapter, graphicsAdapter } from "./web-gpu/graphics-adapter.ts";
export type { GradientPiece } from "./workers/pieces.ts";
export {
  type ModelWorkers,
  type PiecesGradients,
  type PiecesOptions,
  startWorkers,
  type WorkersOptions,
} from "./workers/start-workers.ts";
