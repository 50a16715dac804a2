/** Ways to choose examples, as the trainer names them. */
export const methods = [
  "colm",
  "random",
  "keep-random",
  "facility-location",
  "herding",
  "gram-schmidt-walk",
  "grad-match",
  "craig",
  "grad-norm",
  "kmeans-centres",
  "big-loss",
  "small-loss",
  "middle-perplexity",
  "completion-length",
  "least-confidence",
] as const;

export const modes = ["official", "default"] as const;
export const featureKinds = ["static", "remembered", "last-block", "last-value", "spsa"] as const;
export const overflows = ["truncate", "random", "proportional"] as const;
export const metrics = ["l1", "l2", "cosine", "dot"] as const;
export const weightings = ["uniform", "cluster", "matching"] as const;
export const targets = ["plain", "up-weighted"] as const;
export const optimizers = ["adamw", "adamw_torch", "adam", "sgd", "lion", "lion_32bit"] as const;
export const normalizations = ["examples", "tokens"] as const;
export const sinks = ["none", "tensorboard"] as const;
export const quotaNames = ["proportional", "balanced", "equal", "none"] as const;
export const remembered = ["last-value", "last-block"] as const;
export const adamNames = ["on", "off"] as const;
export const kernelModes = ["auto", "webgpu", "webgl2", "webasm", "cpu"] as const;
