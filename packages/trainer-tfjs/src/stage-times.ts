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
  /** Forward and backward pass on the chosen examples. */
  readonly training: number;
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
  readonly training: number;
  /** Those of `training` with what was padded: what the machine has done. */
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
    ideal({ selectionForward, features, training, trainingPadded }, trainingSeconds) {
      if (trainingSeconds > 0) rate = Math.max(rate, trainingPadded / trainingSeconds);
      if (rate === 0) return null;
      return {
        data: 0,
        selectionForward: selectionForward / rate,
        features: features / rate,
        selection: 0,
        training: training / rate,
        optimizer: 0,
      };
    },
  };
}
