export { type AdamNormalizer, adamNormalize } from "./adam-normalize.ts";
export type { AdamSettings } from "./adam-settings.ts";
export {
  type AdamState,
  type DenseAdamState,
  type FixedDirectionAdamState,
  type Moments,
  moments,
} from "./adam-state.ts";
export { directionScalars, isFixedDirection } from "./fixed-direction.ts";
export { normalizedFeatures } from "./normalized-features.ts";
export { requireStream } from "./require-stream.ts";
export { type Sparsified, sparsify } from "./sparsify.ts";
