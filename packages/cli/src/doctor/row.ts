/** One thing that was looked at. */
export interface Row {
  /** Which part of the list it belongs to. */
  readonly area: string;
  readonly name: string;
  /** What was found, in words and numbers. */
  readonly found: string;
  /** Whether it is as it should be; null where nothing is asked of it. */
  readonly ok: boolean | null;
}

/** A row for what should hold. */
export function checked(area: string, name: string, ok: boolean, found: string): Row {
  return { area, name, found, ok };
}

/** A row for what is told, whatever it is. */
export function told(area: string, name: string, found: string): Row {
  return { area, name, found, ok: null };
}

/** A row for a test that may throw: what it throws is what was found. */
export async function attempted(area: string, name: string, test: () => Promise<Row>): Promise<Row> {
  try {
    return await test();
  } catch (error) {
    return { area, name, found: error instanceof Error ? error.message : String(error), ok: false };
  }
}

/** The largest difference of two lists, relative to the largest entry of the second; infinite where lengths differ. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    // not a number is as far as can be
    const distance = Math.abs(found[i] - expected[i]);
    difference = Math.max(difference, Number.isNaN(distance) ? Infinity : distance);
    size = Math.max(size, Math.abs(expected[i]));
  }
  return difference / Math.max(size, 1e-30);
}

/** The shortest of several runs, in milliseconds, after one that warms up. */
export async function shortest(now: () => number, work: () => Promise<unknown>, times = 3): Promise<number> {
  await work();
  let best = Infinity;
  for (let i = 0; i < times; i++) {
    const begin = now();
    await work();
    best = Math.min(best, now() - begin);
  }
  return best;
}
