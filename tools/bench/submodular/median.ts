/** How long calls go on before the first that counts, unless one alone takes longer. */
const WARM_UP_MS = 300;

/** The median time of `repeats` calls that come after others to warm up, and what the last one returned. */
export function median<T>(repeats: number, work: () => T): { ms: number; result: T } {
  const times: number[] = [];
  const begin = performance.now();
  let result = work();
  while (performance.now() - begin < WARM_UP_MS) result = work();
  for (let r = 0; r < repeats; r++) {
    const start = performance.now();
    result = work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { ms: times[times.length >> 1], result };
}
