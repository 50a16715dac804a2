/** Requires moments that float32 holds. */
export function requireRepresentable({ m, v }: { m: Float32Array; v: Float32Array }): void {
  for (const [name, moment] of Object.entries({ m, v })) {
    for (let j = 0; j < moment.length; j++) {
      if (moment[j] - moment[j] === 0) continue;
      throw new RangeError(
        `advance: "gradients" must keep the moments within float32, got ${name} = ${moment[j]} at ${j}`,
      );
    }
  }
}
