/** Seconds of one update by stage. */
export interface StageTimes {
  /** Drawing the pool and gathering its examples. */
  readonly data: number;
  /** The selection's forward pass. */
  readonly selectionForward: number;
  /** Features from that pass; worker threads make both in one go, and it counts as forward pass. */
  readonly features: number;
  /** The choice. */
  readonly selection: number;
  /** Forward pass on the chosen examples, collating them included; with `reuse`, the last block and the head alone. */
  readonly trainingForward: number;
  /**
   * The way back: gradients, blocks that are run again for them, and summing them up. On worker threads the time of both
   * passes is divided as the threads together spent it.
   */
  readonly trainingBackward: number;
  /** Clipping, optimizer and writing the parameters back. */
  readonly optimizer: number;
}

/** What a stage took, and what its arithmetic alone would have taken. */
export interface MeasuredAndIdeal {
  /** By the clock. On back ends that compute asynchronously work counts where it is waited for. */
  readonly measured: StageTimes;
  /**
   * Operations of the cost model without padding, over the best rate that a training stage of this process has reached so far:
   * no transfers, no bookkeeping, nothing for data, choice and optimizer. Null before there is a rate.
   */
  readonly ideal: StageTimes | null;
}

/** Operations of one update by stage. */
export interface StageOperations {
  readonly selectionForward: number;
  readonly features: number;
  readonly trainingForward: number;
  /** Blocks that are run again included. */
  readonly trainingBackward: number;
  /** Those of both training passes with what was padded: what the machine has done. */
  readonly trainingPadded: number;
}

/** Turns operations into ideal seconds by the best rate seen. */
export interface IdealClock {
  ideal(operations: StageOperations, trainingSeconds: number): StageTimes | null;
  /** Ideal seconds of some operations; null before there is a rate. */
  seconds(operations: number): number | null;
}

/** A clock that has seen no training yet. */
export function idealClock(): IdealClock {
  let rate = 0;
  const seconds = (operations: number): number | null => (rate > 0 ? operations / rate : null);
  return {
    seconds,
    ideal(operations, trainingSeconds) {
      const { selectionForward, features, trainingForward, trainingBackward, trainingPadded } = operations;
      if (trainingSeconds > 0) rate = Math.max(rate, trainingPadded / trainingSeconds);
      if (rate === 0) return null;
      return {
        data: 0,
        selectionForward: selectionForward / rate,
        features: features / rate,
        selection: 0,
        trainingForward: trainingForward / rate,
        trainingBackward: trainingBackward / rate,
        optimizer: 0,
      };
    },
  };
}
