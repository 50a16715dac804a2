import type { Matrix } from "@colm/array";
import type { SelectionResult, Selector, SelectorState } from "@colm/coreset";
import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { checkInteger } from "./check-options.ts";
import { gradientKind, poolSignals } from "./pool-signals.ts";
import { freePasses } from "./pool-walk.ts";

/** What {@link selectionStep} needs of a training loop. */
export interface SelectionStepOptions {
  /** Only read: its parameters are the same bits afterwards. */
  readonly model: CausalLM;
  /** The examples to choose from. */
  readonly pool: readonly Example[];
  /** The source of each pool example, by number. */
  readonly sources: ArrayLike<number>;
  readonly selector: Selector;
  /** Rows of static features for the pool, `[examples, d]`; for selectors that need `features`. */
  readonly features?: Matrix | undefined;
  /** Distinct names of the pool's examples; for selectors that need `ids`. */
  readonly ids?: ArrayLike<number> | undefined;
  /**
   * Which gradients a selector that needs gradients is given: zeroth-order ones (default), exact ones of the last V
   * projection, or of all trainable parameters of the last block. The default is the kind that the selector names.
   */
  readonly gradients?: "spsa" | "last-value" | "last-block" | undefined;
  /** From `selector.init()` or the step before. */
  readonly state: SelectorState;
  /** Seed of the perturbation. */
  readonly seed: number;
  /** The update, counted from 0; it enters the perturbation only when `fresh` is set. Default: the state's step. */
  readonly step?: number;
  /** Examples in one forward pass, at least 1. Default 16. */
  readonly microBatchSize?: number;
  /** Numbers that last-block gradients are brought to by a random projection; default false, all of their entries. */
  readonly sketch?: number | false | undefined;
  /** Half the distance of the two evaluations. Default 1e-3. */
  readonly epsilon?: number | undefined;
  /** Perturbation directions, at least 1. Default 1. */
  readonly directions?: number | undefined;
  /** Whether each step draws directions of its own. Default false. */
  readonly fresh?: boolean | undefined;
  /** Asked before each forward pass. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The selection part of a training step: pool, features, choice, for any training loop.
 *
 * @param options - Model, pool, selector and its state. Nothing is modified, no tensor is left behind.
 * @returns Positions in the pool, weights, the next state and diagnostics.
 * @throws {RangeError} If a size is outside its range, or what the selector refuses.
 * @throws The signal's reason when it is aborted.
 * @remarks A method that needs nothing of the model (`random`, `keep-random`, static features) makes no pass over the
 * pool at all, and one that needs it every so many steps makes one then. It knows nothing of the optimizer.
 * @example
 * import { createSelector } from "@colm/coreset";
 * import { addLora } from "@colm/lm-tfjs";
 * import { chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 16, hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1,
 *   num_attention_heads: 2, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = [Int32Array.of(1, 2, 3, 4), Int32Array.of(5, 6, 7), Int32Array.of(1, 3, 5, 7), Int32Array.of(2, 4, 6)];
 * const examples = ids.map((inputIds) => ({ inputIds, labels: inputIds, source: "counting", truncated: 0 }));
 * addLora(model, { rank: 2, alpha: 8, targets: ["v_proj"], seed: 1 });
 * const selector = createSelector({ mode: "official", budget: 2, sources: { small: [false, true] } });
 * const state = selector.init();
 * const chosen = await selectionStep({ model, pool: examples, sources: [0, 0, 1, 0], selector, state, seed: 1 });
 * chosen.indices[0]; // => 2
 * chosen.diagnostics.kept; // => 1
 */
export async function selectionStep(options: SelectionStepOptions): Promise<SelectionResult> {
  const { model, pool, sources, selector, state, seed, step = state.step, microBatchSize = 16 } = options;
  checkInteger("selectionStep", "microBatchSize", microBatchSize, 1);
  checkInteger("selectionStep", "step", step, 0);
  if (pool.length !== sources.length) {
    throw new RangeError(
      `selectionStep: "sources" must have ${pool.length} entries as "pool" has, got ${sources.length}`,
    );
  }
  const { features, ids, epsilon, directions, fresh, sketch, signal } = options;
  const needs = selector.needsAt(state);
  const { gradients = gradientKind(needs.kind ?? undefined, undefined) } = options;
  const known = { sources, features, ids };
  const settings = { epsilon, directions, fresh, seed, step, microBatchSize, gradients, sketch, signal };
  const { pool: signals, passes } = await poolSignals(model, pool, known, needs, {
    ...settings,
    keepPasses: false,
    now: () => 0,
  });
  freePasses(passes);
  return selector.select(state, signals);
}
