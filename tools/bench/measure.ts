/** What a measured function may return: anything but nothing, so that its work cannot be dropped as dead code. */
export type Outcome = number | bigint | boolean | string | object;

export interface Schedule {
  /** Timed rounds; in each, every function is measured once. Default 15. */
  rounds?: number;
  /** Rounds run before that, untimed. Default 3. */
  warmup?: number;
  /** A sample repeats its function until it takes at least this many milliseconds. Default 2. */
  sampleMs?: number;
}

/** The median of `samples`: the middle one, or the mean of the two in the middle. */
export function median(samples: ArrayLike<number>): number {
  if (samples.length === 0) throw new RangeError('median: "samples" must not be empty, got 0 entries');
  const sorted = Float64Array.from(samples).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Median milliseconds of one call of each function, measured in turns (A B C, A B C, …), so that a change of
 * clock speed or load during the run meets all of them alike and their ratios can be trusted.
 *
 * @param functions - By name; each does its work once and returns a result that depends on all of it.
 * @throws {TypeError} If a function returns nothing: then nobody could tell whether it did its work.
 */
export async function interleave<Name extends string>(
  functions: Record<Name, () => Outcome | Promise<Outcome>>,
  { rounds = 15, warmup = 3, sampleMs = 2 }: Schedule = {},
): Promise<Record<Name, number>> {
  const names = namesOf(functions);
  const repeats = new Map<Name, number>();
  for (const name of names) {
    for (let round = 1; round < warmup; round++) await timed(name, functions[name], 1);
    const once = await timed(name, functions[name], 1);
    repeats.set(name, Math.min(10_000, Math.max(1, Math.ceil(sampleMs / Math.max(once, 1e-4)))));
  }
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const count = repeats.get(name) ?? 1;
      samples.get(name)?.push((await timed(name, functions[name], count)) / count);
    }
  }
  const medians: Partial<Record<Name, number>> = {};
  for (const name of names) medians[name] = median(samples.get(name) ?? []);
  return requireAll(medians, names);
}

/** Median milliseconds of one call. */
export async function time(work: () => Outcome | Promise<Outcome>, schedule: Schedule = {}): Promise<number> {
  return (await interleave({ work }, schedule)).work;
}

/** Folds `value` into a number that outlives the run, so that computing it has an effect. Returns that number. */
export function keep(value: unknown): number {
  kept = (kept * 31 + digest(value)) % 2147483647;
  return kept;
}

let kept = 1;

async function timed(name: string, work: () => Outcome | Promise<Outcome>, count: number): Promise<number> {
  let last: unknown;
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const result = work();
    last = result instanceof Promise ? await result : result;
  }
  const elapsed = performance.now() - start;
  if (last === undefined || last === null) {
    throw new TypeError(`measure: "${name}" must return what it computed, got ${last}`);
  }
  keep(last);
  return elapsed;
}

/** A number made from the value, or from one entry of each array in it: cheap, and it depends on the result. */
function digest(value: unknown, depth = 0): number {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value * 1024) % 65521 : 1;
  if (typeof value === "string") return value.length;
  if (typeof value === "bigint") return Number(value % 65521n);
  if (typeof value !== "object" || value === null) return value === true ? 2 : 3;
  if (ArrayBuffer.isView(value)) return value.byteLength % 65521;
  if (depth > 2) return 5;
  return Object.values(value).reduce(
    (sum: number, entry) => (sum * 7 + digest(entry, depth + 1)) % 65521,
    11,
  );
}

function namesOf<Name extends string>(functions: Record<Name, unknown>): Name[] {
  const names: Name[] = [];
  for (const name in functions) names.push(name);
  return names;
}

function requireAll<Name extends string>(
  values: Partial<Record<Name, number>>,
  names: readonly Name[],
): Record<Name, number> {
  if (!isComplete(values, names)) throw new Error("interleave: a function was never measured");
  return values;
}

function isComplete<Name extends string>(
  values: Partial<Record<Name, number>>,
  names: readonly Name[],
): values is Record<Name, number> {
  return names.every((name) => values[name] !== undefined);
}
