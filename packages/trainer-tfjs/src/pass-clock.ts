/** Milliseconds of the two directions of a training pass. */
export interface PassTimes {
  readonly forward: number;
  readonly backward: number;
}

/** Divides the time of a training pass into its two directions. */
export interface PassClock {
  /** The time from here on goes to this direction; at the start it is `forward`. */
  turn(direction: keyof PassTimes): void;
  /** The time since the last turn is divided in this ratio: threads have gone both ways at once. */
  divide(ratio: PassTimes): void;
  /** Ends the last stretch. */
  times(): PassTimes;
}

/** A clock that runs from now on; `now` is in milliseconds. */
export function passClock(now: () => number): PassClock {
  const sums = { forward: 0, backward: 0 };
  let direction: keyof PassTimes = "forward";
  let since = now();
  const passed = (): number => {
    const at = now();
    const time = at - since;
    since = at;
    return time;
  };
  const turn = (next: keyof PassTimes): void => {
    sums[direction] += passed();
    direction = next;
  };
  return {
    turn,
    divide({ forward, backward }) {
      const time = passed();
      const share = forward + backward > 0 ? forward / (forward + backward) : 0.5;
      sums.forward += share * time;
      sums.backward += (1 - share) * time;
    },
    times() {
      turn(direction);
      return { ...sums };
    },
  };
}
