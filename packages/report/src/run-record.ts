/** A value that a settings or environment table shows. */
export type Shown = string | number | boolean | null;

/** One source of the training mixture. */
export interface SourceRecord {
  readonly name: string;
  /** Training examples, a natural number. */
  readonly examples: number;
  /** Whether the run counted it as small, so that every pool example of it was kept. */
  readonly small: boolean;
}

/** How far the mean of the chosen features was from that of the pool, relative to the latter. */
export interface MatchingRecord {
  /** From the plain mean of the pool. */
  readonly plain: number;
  /** From the mean in which small sources weigh as much as they do in the choice. */
  readonly upweighted: number;
}

/** One optimisation step. What is optional was not measured where it is absent. */
export interface StepRecord {
  /** From 1, ascending. */
  readonly step: number;
  /** Mean training loss of the examples trained on, in nats. */
  readonly loss: number;
  /** Wall time of the whole step, selection included, evaluation excluded. */
  readonly seconds: number;
  /** The part of `seconds` that chose the examples: features and selection; 0 where nothing was chosen. */
  readonly selectionSeconds: number;
  /** Tokens trained on, padding excluded. */
  readonly tokens: number;
  readonly learningRate: number;
  /** Examples trained on, by source; sources without any may be left out. */
  readonly picked: { readonly [source: string]: number };
  /** The places in the training set of the examples trained on, by source, counted from 0. */
  readonly examples?: { readonly [source: string]: readonly number[] };
  /** Seconds of each stage that took place, by the clock. */
  readonly stages?: { readonly [stage: string]: number };
  /** What the arithmetic of each stage alone would take, without padding and transfers, at the best rate that was seen. */
  readonly ideal?: { readonly [stage: string]: number };
  /** The most tensor bytes held at one moment of the step. */
  readonly peakBytes?: number;
  /** The most tensor bytes held at one moment of each stage, weights included; not to be added up. */
  readonly stageBytes?: { readonly [stage: string]: number };
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm?: number;
  readonly matching?: MatchingRecord;
  /** Features beside exact gradients, where that was looked at: null where all distances of one of them were equal. */
  readonly check?: {
    readonly cosine: number | null;
    readonly spearman: number | null;
    /** Share of the examples chosen by either that are chosen by both. */
    readonly overlap: number;
  };
}

/** One evaluation on held-out data. Losses in nats, accuracies in [0, 1]; null where it was not measured. */
export interface EvaluationRecord {
  /** After this step; 0 is the model before training. */
  readonly step: number;
  /** Mean over the mixture's held-out examples. */
  readonly micro: number;
  /** Mean of the sources' means. */
  readonly macro: number;
  /** Mean of the small sources' means. */
  readonly small: number | null;
  /** Share of answers that are right to the letter. */
  readonly exactMatch: number | null;
  /** Mean loss by source. */
  readonly perSource: { readonly [source: string]: number };
  /** What measuring the losses took by the clock; absent where nobody measured it. */
  readonly seconds?: number;
  /** What its arithmetic alone would take, without padding and transfers, at the best rate that was seen. */
  readonly idealSeconds?: number;
}

/** A training run as plain JSON. It is versioned; whoever writes one needs nothing of this package. */
export interface RunRecord {
  readonly format: 1;
  /** What tables and legends call the run, for example `"colm 128 → 64"`; distinct within a report. */
  readonly name: string;
  /** `"colm"`, `"random"`, `"keep-random"`, … */
  readonly method: string;
  /** Examples drawn in each step. */
  readonly pool: number;
  /** Examples trained on in each step; equal to `pool` where nothing is selected. */
  readonly budget: number;
  readonly seed: number;
  /** What was set. Runs that differ in nothing but the seed are taken as repetitions of one another. */
  readonly settings: { readonly [name: string]: Shown };
  readonly environment: { readonly [name: string]: Shown };
  readonly sources: readonly SourceRecord[];
  readonly steps: readonly StepRecord[];
  /** Ascending in `step`. */
  readonly evaluations: readonly EvaluationRecord[];
  /** Largest number of tensor bytes held at once; null where it was not measured. */
  readonly peakBytes: number | null;
  /** Bytes by what they hold, to be added up, as predicted from shapes; absent where nobody predicted them. */
  readonly memory?: { readonly [part: string]: number };
  /** The sum of `memory` for the same run with every weight trained and no adapter, as predicted from shapes. */
  readonly everyWeightBytes?: number;
  /** The most that the process held after a step: the heap of JavaScript, and resident memory with all it has. */
  readonly processBytes?: { readonly heap: number; readonly resident: number };
}
