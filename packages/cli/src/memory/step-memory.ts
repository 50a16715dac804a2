import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { type TrainSettings, train } from "@colm/trainer-tfjs";

/** What the memory of a step depends on and can be chosen. */
export interface StepShape {
  /** Examples in one forward and backward pass. */
  readonly microBatch: number;
  readonly checkpointing: boolean;
  /** Examples drawn each step. */
  readonly pool: number;
}

/** The most tensor bytes of a step as a function of its shape. */
export interface StepMemory {
  /** Predicted bytes of tensors, the model's own included. */
  bytes(shape: StepShape): number;
  /** The largest that was measured on the way. */
  readonly measured: number;
}

/** How {@link measureStepMemory} takes its steps. */
export interface MeasureOptions {
  /** A fresh model for each measurement, which disposes of it. */
  readonly openModel: () => Promise<CausalLM>;
  /** At least one; the longest of them is taken over and over, so that no batch of the run is larger. */
  readonly examples: readonly Example[];
  /** Settings of the run; sizes, steps and files are those of the measurement. */
  readonly settings: TrainSettings;
  /** Whether to measure with and without checkpointing, or one of them alone. */
  readonly checkpointing: readonly boolean[];
  readonly signal: AbortSignal;
}

/** Bytes of the two stages of a step, `base + perExample microBatch + perPool pool`. */
interface Plane {
  readonly base: number;
  readonly perExample: number;
  readonly perPool: number;
}

interface Peaks {
  readonly selection: number;
  readonly training: number;
}

/**
 * Measures the tensor bytes of small steps and extends them linearly: both stages hold something fixed, something for each example of
 * a micro-batch, and something for each example of the pool.
 *
 * @returns The prediction. It is exact where all examples are as long as the longest, and an upper bound elsewhere.
 * @remarks Three steps on at most 8 examples, with and without checkpointing. The model is opened anew for each, since a step changes it.
 */
export async function measureStepMemory(options: MeasureOptions): Promise<StepMemory> {
  const planes = new Map<boolean, { readonly selection: Plane; readonly training: Plane }>();
  let measured = 0;
  for (const checkpointing of options.checkpointing) {
    const [small, wider, deeper] = [
      await measureStep(options, { microBatch: 1, pool: 4, checkpointing }),
      await measureStep(options, { microBatch: 2, pool: 4, checkpointing }),
      await measureStep(options, { microBatch: 1, pool: 8, checkpointing }),
    ];
    for (const { selection, training } of [small, wider, deeper]) {
      measured = Math.max(measured, selection, training);
    }
    const plane = (stage: keyof Peaks): Plane => {
      const perExample = Math.max(0, wider[stage] - small[stage]);
      const perPool = Math.max(0, (deeper[stage] - small[stage]) / 4);
      return { perExample, perPool, base: small[stage] - perExample - 4 * perPool };
    };
    planes.set(checkpointing, { selection: plane("selection"), training: plane("training") });
  }
  return {
    measured,
    bytes({ microBatch, checkpointing, pool }) {
      const found = planes.get(checkpointing);
      if (found === undefined)
        throw new RangeError(`step memory: checkpointing ${checkpointing} was not measured`);
      const at = ({ base, perExample, perPool }: Plane): number =>
        base + perExample * microBatch + perPool * pool;
      return Math.max(at(found.selection), at(found.training));
    },
  };
}

async function measureStep(
  { openModel, examples, settings, signal }: MeasureOptions,
  { microBatch, checkpointing, pool }: StepShape,
): Promise<Peaks> {
  const model = await openModel();
  try {
    const longest = examples.reduce((most, each) =>
      each.inputIds.length > most.inputIds.length ? each : most,
    );
    const run = train({
      ...settings,
      model,
      trainDataset: new Array<Example>(pool).fill(longest),
      pool,
      budget: 2,
      perDeviceTrainBatchSize: microBatch,
      gradientAccumulationSteps: undefined,
      gradientCheckpointing: checkpointing,
      // tensors are measured in the thread that holds them
      workers: 0,
      maxSteps: 1,
      maxMinutes: undefined,
      // what concerns evaluations and files is not part of a step
      earlyStoppingPatience: undefined,
      loadBestModelAtEnd: false,
      outputDir: undefined,
      reportTo: undefined,
      smallSources: undefined,
      clusterSources: undefined,
      signal,
    });
    for await (const event of run) if (event.type === "step") return event.stageBytes;
    signal.throwIfAborted();
    throw new Error("no step was made");
  } finally {
    model.dispose();
  }
}
