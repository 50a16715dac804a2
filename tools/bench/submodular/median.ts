/** The median time of `repeats` calls after two that warm up, and what the last one returned. */
export function median<T>(repeats: number, work: () => T): { ms: number; result: T } {
  const times: number[] = [];
  let result = work();
  if (repeats > 1) result = work();
  for (let r = 0; r < repeats; r++) {
    const start = performance.now();
    result = work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { ms: times[times.length >> 1], result };
}
