import { checkInteger } from "./check-options.ts";

/** Gigabytes (1e9 bytes) of the published run: Phi-2 with LoRA of rank 128 on 4 GPUs, 8 micro-batches a step. */
const GPUS = 4;
const MICRO_BATCHES = 8;
/** Weights, adapter, optimizer and what does not grow with the batch. */
const FIXED = 20.29;
/** Activations of one example. */
const PER_EXAMPLE = 3.9065;
/** Entries of the last V projection's LoRA B. */
const DIMENSION = 327_680;
/**
 * What selection adds beyond its history, in gigabytes per example of the pool and per pair of them: fitted by us to the six
 * published figures, not derived.
 */
const PER_POOL_EXAMPLE = 4.35e-4;
const PER_PAIR = 5.075e-7;

/**
 * Published memory of fine-tuning Phi-2 with LoRA, in gigabytes, on a batch of `batch`: `20.29 + 3.9065 batch / 32`.
 *
 * @param batch - Examples of a step over all GPUs, at least 1.
 * @remarks Linear in the micro-batch of one GPU. It is within 0.06 of all figures of Nguyen et al. (ICLR 2025, reviews):
 * 28.1, 35.9, 51.6, 82.8, 145.3 and 270.3 for 64 to 2,048.
 * @example
 * referenceBatchMemory(64).toFixed(1); // => "28.1"
 */
export function referenceBatchMemory(batch: number): number {
  checkInteger("referenceBatchMemory", "batch", batch, 1);
  return FIXED + (PER_EXAMPLE * batch) / (GPUS * MICRO_BATCHES);
}

/**
 * Published memory of CoLM on the same model, in gigabytes, when half of a pool of `pool` is trained on:
 * `full(pool / 2) + selection(pool)`.
 *
 * @param pool - Examples of a pool over all GPUs, at least 2.
 * @remarks The selection is its history and a fit to the published 24.3, 28.3, 36.2, 52.2, 84.4 and 149.7 for pools of 64 to 2,048,
 * within 0.05 of each; the fit is no derivation.
 * @example
 * referenceColmMemory(128).toFixed(1); // => "28.3"
 */
export function referenceColmMemory(pool: number): number {
  checkInteger("referenceColmMemory", "pool", pool, 2);
  const selection = referenceHistoryBytes(pool) / 1e9 + PER_POOL_EXAMPLE * pool + PER_PAIR * pool ** 2;
  return referenceBatchMemory(pool / 2) + selection;
}

/**
 * Bytes of the selection history that the reference holds on one GPU: two float32 moments for each of its pool examples, and
 * two means, `8 d (pool / 4 + 1)`.
 *
 * @param pool - Examples of a pool over all GPUs.
 * @remarks 82.5 MiB at 128. The closed form for one direction, which this project uses, needs two numbers.
 * @example
 * referenceHistoryBytes(128) / 2 ** 20; // => 82.5
 */
export function referenceHistoryBytes(pool: number): number {
  checkInteger("referenceHistoryBytes", "pool", pool, 1);
  return 8 * DIMENSION * (pool / GPUS + 1);
}

/** One row of the published comparison of batches, accumulation and CoLM. */
export interface ReferenceRow {
  readonly method: "LoRA" | "CoLM";
  /** Examples trained on in a step. */
  readonly batch: number;
  readonly gigabytes: number;
  readonly hours: number;
}

/** Seconds of a step of the published run on a batch of 64, and of CoLM on 64 of 128; its 1,024 steps. */
const BATCH_64_SECONDS = 3.15;
const COLM_SECONDS = 4.7;
const STEPS = 1024;

/**
 * The four rows that the published discussion compares: LoRA on batches of 64, 128 and 256, each in 8 micro-batches a GPU, and CoLM on 64 of
 * 128; memory by `referenceBatchMemory` and `referenceColmMemory`, time of 1,024 steps in proportion to the batch.
 *
 * @returns Rows in this order, fresh.
 * @remarks Nguyen et al. (ICLR 2025, reviews) give 28.1, 35.9, 51.6 and 28.3 GB and 0.9, 1.8, 3.6 and 1.3 hours; their times are those of the
 * arithmetic alone, which leave synchronisation, padding and transfers out.
 * @example
 * referenceRows().map(({ method, batch, gigabytes, hours }) => `${method} ${batch}: ${gigabytes.toFixed(1)} GB, ${hours.toFixed(1)} h`);
 * // => ["LoRA 64: 28.1 GB, 0.9 h", "LoRA 128: 35.9 GB, 1.8 h", "LoRA 256: 51.5 GB, 3.6 h", "CoLM 64: 28.3 GB, 1.3 h"]
 */
export function referenceRows(): ReferenceRow[] {
  const hours = (seconds: number): number => (STEPS * seconds) / 3600;
  return [
    ...[64, 128, 256].map(
      (batch): ReferenceRow => ({
        method: "LoRA",
        batch,
        gigabytes: referenceBatchMemory(batch),
        hours: hours((BATCH_64_SECONDS * batch) / 64),
      }),
    ),
    { method: "CoLM", batch: 64, gigabytes: referenceColmMemory(128), hours: hours(COLM_SECONDS) },
  ];
}
