import type { Matrix } from "@colm/array";
import type { FeatureKind, Needs, Pool } from "@colm/coreset";
import { collate, type Example } from "@colm/data";
import type { CausalLM, DropoutDraw, ModelWorkers } from "@colm/lm-tfjs";
import { confidences } from "./confidences.ts";
import { type DirectionSettings, exactRows, type GradientRows, zerothOrderRows } from "./gradient-rows.ts";
import { learnedTokens } from "./learned-tokens.ts";
import { microBatches } from "./micro-batches.ts";
import { type HeldPass, walkPool } from "./pool-walk.ts";
import { workGroups } from "./work-groups.ts";

/** How the model is asked about a pool. */
export interface SignalOptions extends DirectionSettings {
  /** Examples in one forward pass. */
  readonly microBatchSize: number;
  /** Which gradients are meant where a selector needs gradients. */
  readonly gradients: "spsa" | "last-value" | "last-block";
  /** Numbers that last-block gradients are projected to; exact ones when absent or false. */
  readonly sketch?: number | false | undefined;
  /** Whether the block inputs of the pass stay, for the training step, */
  readonly keepPasses: boolean;
  /** which then wants the masks of the adapter's dropout. */
  readonly dropout?: DropoutDraw | undefined;
  /** Threads that run the passes in the place of this one, where none is kept. */
  readonly workers?: ModelWorkers | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** What the model said about a pool. */
export interface PoolSignals {
  readonly pool: Pool;
  /** The passes that were kept; whoever asked disposes of them. Empty where none was made or asked for. */
  readonly passes: readonly HeldPass[];
  /** The part of the time that went into features; the rest is the forward pass, with workers all of it. Seconds. */
  readonly featureSeconds: number;
}

/** What is known of a pool without the model. */
export interface KnownOfPool {
  readonly sources: ArrayLike<number>;
  readonly ids?: ArrayLike<number> | undefined;
  readonly features?: Matrix | undefined;
}

/** Brings together what a selector needs of a pool, with a pass of the model only where it needs one. */
export async function poolSignals(
  model: CausalLM,
  examples: readonly Example[],
  known: KnownOfPool,
  needs: Needs,
  options: SignalOptions,
): Promise<PoolSignals> {
  const { microBatchSize, keepPasses, workers, signal, now } = options;
  const pool = {
    sources: known.sources,
    ...(needs.ids && known.ids && { ids: known.ids }),
    ...(needs.features && known.features && { features: known.features }),
    ...(needs.lengths && { lengths: examples.map(learnedTokens) }),
    ...(needs.confidences && { confidences: await confidences(model, examples, signal) }),
  };
  if (!needs.gradients && !needs.losses) return { pool, passes: [], featureSeconds: 0 };
  const rows = needs.gradients ? gradientRows(model, examples.length, options) : undefined;
  const losses = needs.losses ? new Float32Array(examples.length) : undefined;
  if (workers && !keepPasses) {
    await askWorkers(workers, examples, { rows, losses }, options);
    return { pool: gathered(pool, rows, losses), passes: [], featureSeconds: 0 };
  }
  let featureSeconds = 0;
  const walk = {
    microBatchSize,
    keep: keepPasses ? "all" : "last",
    losses: needs.losses,
    dropout: keepPasses ? options.dropout : undefined,
    signal,
  } as const;
  const passes = await walkPool(model, examples, walk, async ({ inputs, positions, losses: part }) => {
    const begin = now();
    await rows?.add(inputs, positions);
    featureSeconds += (now() - begin) / 1000;
    if (losses && part) for (const [row, at] of positions.entries()) losses[at] = part[row];
    return keepPasses;
  });
  return { pool: gathered(pool, rows, losses), passes, featureSeconds };
}

type PoolRows = GradientRows<NonNullable<Pool["gradients"]>>;

/** The pool with what the passes over it gave. */
function gathered(pool: Pool, rows: PoolRows | undefined, losses: Float32Array | undefined): Pool {
  const gradients = rows?.result();
  const finite = losses ?? (gradients && finiteOnly(gradients));
  return { ...pool, ...(gradients && { gradients }), ...(finite && { losses: finite }) };
}

/** Has the passes made by workers, in the micro-batches of `walkPool`. */
async function askWorkers(
  workers: ModelWorkers,
  examples: readonly Example[],
  into: { readonly rows: PoolRows | undefined; readonly losses: Float32Array | undefined },
  { microBatchSize, signal }: SignalOptions,
): Promise<void> {
  const lengths = examples.map(({ inputIds }) => inputIds.length);
  for (const positions of workGroups(workers, microBatches(lengths, microBatchSize))) {
    const batches = positions.map((group) => collate(group.map((at) => examples[at])));
    await into.rows?.addAll(workers, batches, positions, signal);
    if (into.losses === undefined) continue;
    const parts = await workers.losses(batches, { ...(signal && { signal }) });
    for (const [k, group] of positions.entries()) {
      for (const [row, at] of group.entries()) into.losses[at] = parts[k][row];
    }
  }
}

/**
 * NaN for each example whose exact gradient is not finite, 0 for the others: a selector drops examples by their losses. Undefined
 * where all are finite, and for zeroth-order gradients, whose coefficients tell.
 */
function finiteOnly(gradients: NonNullable<Pool["gradients"]>): Float32Array | undefined {
  if ("coefficients" in gradients) return undefined;
  const { data, shape } = gradients;
  const out = new Float32Array(shape[0]);
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(data[at])) out[Math.floor(at / shape[1])] = Number.NaN;
  }
  return out.some(Number.isNaN) ? out : undefined;
}

function gradientRows(model: CausalLM, size: number, options: SignalOptions): PoolRows {
  const { gradients, sketch = false, seed } = options;
  if (gradients === "spsa") return zerothOrderRows(model, size, options);
  return exactRows(model, size, gradients, sketch === false ? undefined : { size: sketch, seed });
}

/** Which gradients a selector means: those of its features, or those that it remembers. */
export function gradientKind(
  features: FeatureKind | undefined,
  remember: "last-value" | "last-block" | undefined,
): SignalOptions["gradients"] {
  if (features === "remembered") return remember ?? "last-value";
  return features === "last-value" || features === "last-block" ? features : "spsa";
}
