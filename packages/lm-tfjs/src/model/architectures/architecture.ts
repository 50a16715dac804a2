/** A property of a model: the same for all of its kind, or said by a flag of `config.json`, which is false where it is absent. */
export type Property = boolean | { readonly flag: string };

/** Where the layers of a model attend over a window alone: nowhere, in all, or as `use_sliding_window` and `layer_types` say. */
export type WindowRule = "never" | "always" | "by-layer";

/** Paths of the parts of a model in a Hugging Face file, without `.weight` and `.bias`. */
export interface PartNames {
  readonly embedding: string;
  /** The table of learned positions. */
  readonly positions?: string;
  /** What the blocks are called, in front of their number; the names below count from there. */
  readonly blocks: string;
  readonly attentionNorm: string;
  readonly feedNorm: string;
  /** Queries, keys and values: three maps, or a fused one. */
  readonly projections: readonly string[];
  /** Norms of each head of queries and of keys. */
  readonly headNorms?: readonly [query: string, key: string];
  readonly output: string;
  /** Gate and up, a fused map for both, or the single inner layer. */
  readonly feed: readonly string[];
  readonly down: string;
  readonly finalNorm: string;
  readonly head: string;
}

/** What makes one kind of model different from another: everything that the shared blocks ask for. Plain data. */
export interface Architecture {
  /** `model_type` of `config.json`. */
  readonly modelType: string;
  /** The class of transformers that `architectures` names. */
  readonly className: string;
  readonly names: PartNames;
  /** RMSNorm without biases, or LayerNorm with them. */
  readonly norm: "rms" | "layer";
  /** The field of `config.json` that holds the norms' epsilon. */
  readonly normEpsilonKey: string;
  /** Whether attention and feed-forward net both read the normed input of the block. */
  readonly parallel: Property;
  readonly projectionBias: Property;
  readonly outputBias: Property;
  readonly feedBias: Property;
  readonly headBias: Property;
  /** Whether the feed-forward net has a gate (SwiGLU); otherwise it is one GELU layer. */
  readonly gated: boolean;
  readonly window: WindowRule;
  /** Whether the weights of the blocks' linear maps lie as `[in, out]` (Conv1D). */
  readonly transposed: boolean;
  /** Whether fresh weights that write to the residual stream are drawn smaller by `sqrt(2 layers)`. */
  readonly scaledResiduals: boolean;
  /** Whether the fresh embedding of the padding token is zeros. */
  readonly zeroPadding: boolean;
  /** Names in `config.json` of fields that other architectures call as the key says. */
  readonly keys: Readonly<Record<string, string>>;
  /** What transformers takes for fields that are absent. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Values of fields that would change the arithmetic in a way that is not supported, unless they are these. */
  readonly neutral: Readonly<Record<string, readonly unknown[]>>;
  /** Ends of the names of stored tables that are no weights. */
  readonly tables: readonly string[];
  /** What PEFT adapts when no target is named. */
  readonly loraTargets: readonly string[];
}
