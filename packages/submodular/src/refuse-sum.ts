/** Refuses a sum over coordinates that left the range of float32. */
export function refuseSum(caller: string, sum: number, i: number, j: number): never {
  throw new RangeError(
    `${caller}: "points" must give sums within float32, got ${sum} at [${i}, ${j}]; scale them down`,
  );
}
