/**
 * Finds the places of the `count` largest of some values, again and again.
 *
 * @param count - How many, at least 1.
 * @param sign - -1 for the smallest instead; 1 by default.
 * @returns A function that is given finite values and returns the places of those, ascending; all where there are
 * no more. Of equal values those at lower places count as larger.
 * @remarks One pass that keeps at most `2 count` places, and sorts them when they are full: O(n + m log(count)) for the
 * `m` values that are among the largest so far.
 * @example
 * largestPlaces(2)(Float32Array.of(1, 5, 2, 5, 5)); // => Int32Array [1, 3]
 */
export function largestPlaces(count: number, sign: 1 | -1 = 1): (values: Float32Array) => Int32Array {
  const held = new Int32Array(2 * count);
  const sorted = new Float32Array(2 * count);
  return (values) => {
    let size = 0;
    let least = Number.NEGATIVE_INFINITY;
    const cut = (): void => {
      for (let t = 0; t < size; t++) sorted[t] = sign * values[held[t]];
      const ascending = sorted.subarray(0, size).sort();
      least = ascending[size - count];
      let equal = ascending.lastIndexOf(least) - (size - count) + 1;
      let kept = 0;
      for (let t = 0; t < size; t++) {
        const value = sign * values[held[t]];
        if (value > least || (value === least && equal-- > 0)) held[kept++] = held[t];
      }
      size = kept;
    };
    for (let j = 0; j < values.length; j++) {
      // places come in order, so that an equal value further on is no better
      if (sign * values[j] <= least) continue;
      held[size++] = j;
      if (size === held.length) cut();
    }
    if (size > count) cut();
    return held.slice(0, size);
  };
}
