/** The coordinates that may be among the largest of a stream of scores known up to some slack. */
export interface IntervalTop {
  /** Offers coordinates `start ..` with their scores and how far each may be off; blocks come in ascending order. */
  offer(start: number, scores: Float32Array, slacks: Float32Array, length: number): void;
  /** Every coordinate that may be one of the `keep` largest, ascending: `keep` of them at least, if so many were offered. */
  coordinates(): Int32Array;
}

/**
 * Keeps each coordinate whose score may reach the `keep` largest: whose upper end is not below the `keep`-th largest lower end.
 *
 * Candidates gather in a room that is cut back when it is full and grows only where the slack leaves more than half of it in. A
 * score or a slack that is no number means that nothing is known.
 */
export function intervalTop(keep: number): IntervalTop {
  let room = 4 * keep + 1024;
  let coordinates = new Int32Array(room);
  let lower = new Float64Array(room);
  let upper = new Float64Array(room);
  let size = 0;
  let bar = Number.NEGATIVE_INFINITY;
  const cut = (): void => {
    if (size > keep) bar = lower.slice(0, size).sort()[size - keep];
    let to = 0;
    for (let i = 0; i < size; i++) {
      if (upper[i] < bar) continue;
      coordinates[to] = coordinates[i];
      lower[to] = lower[i];
      upper[to++] = upper[i];
    }
    size = to;
  };
  const grow = (): void => {
    room *= 2;
    coordinates = copied(new Int32Array(room), coordinates);
    lower = copied(new Float64Array(room), lower);
    upper = copied(new Float64Array(room), upper);
  };
  return {
    offer(start, scores, slacks, length) {
      for (let j = 0; j < length; j++) {
        const isKnown = scores[j] + slacks[j] < Number.POSITIVE_INFINITY;
        const high = isKnown ? scores[j] + slacks[j] : Number.POSITIVE_INFINITY;
        if (high < bar) continue;
        if (size === room) {
          cut();
          if (2 * size > room) grow();
        }
        coordinates[size] = start + j;
        lower[size] = isKnown ? scores[j] - slacks[j] : Number.NEGATIVE_INFINITY;
        upper[size++] = high;
      }
    },
    coordinates() {
      cut();
      return coordinates.slice(0, size);
    },
  };
}

function copied<T extends Int32Array | Float64Array>(to: T, from: T): T {
  to.set(from);
  return to;
}
