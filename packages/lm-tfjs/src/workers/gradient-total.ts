/**
 * `sum_j s_j g_j` over pieces in the order of the calls, in float64, rounded once at the end.
 *
 * @returns `add` reads its arrays and keeps none; `result` gives fresh float32 arrays.
 */
export function gradientTotal(): {
  add(gradients: ReadonlyMap<string, Float32Array>, share: number): void;
  result(): Map<string, Float32Array>;
} {
  const sums = new Map<string, Float64Array>();
  return {
    add(gradients, share) {
      for (const [name, values] of gradients) {
        const sum = sums.get(name) ?? new Float64Array(values.length);
        for (let i = 0; i < values.length; i++) sum[i] += share * values[i];
        sums.set(name, sum);
      }
    },
    result: () => new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum)])),
  };
}
