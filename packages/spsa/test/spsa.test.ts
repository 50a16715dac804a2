import { matrix, normal } from "@colm/array";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dense, direction, finiteRows, spsa } from "../src/index.ts";

/** L_i(theta) = a_i theta_0 + b_i theta_1: its central difference along z is a_i z_0 + b_i z_1 but for rounding. */
const linear = (theta: Float32Array): Float32Array =>
  Float32Array.of(2 * theta[0] + theta[1], -theta[0], 4 * theta[1]);

describe("spsa", () => {
  it("differences a linear loss exactly: epsilon 1 and theta 0 leave nothing to round", async () => {
    const g = await spsa(linear, new Float32Array(2), { seed: 3, epsilon: 1 });
    const [z0, z1] = normal(new Float32Array(2), { seed: 3 });
    expect(g.coefficients.shape).toEqual([3, 1]);
    expect([...g.coefficients.data]).toEqual([Math.fround(2 * z0 + z1), -z0, 4 * z1]);
    expect(g).toMatchObject({ dimension: 2, seed: 3, step: 0, fresh: false });
  });

  it("evaluates plus, then minus, direction by direction, each at its own array", async () => {
    const theta = Float32Array.of(1, 2);
    const seen: Float32Array[] = [];
    const loss = (at: Float32Array): Float32Array => {
      seen.push(at);
      return new Float32Array(1);
    };
    const g = await spsa(loss, theta, { seed: 3, epsilon: 0.5, directions: 2 });
    expect(seen.length).toBe(4);
    for (const [call, sign] of [1, -1, 1, -1].entries()) {
      const z = direction(g, Math.floor(call / 2), 0, new Float32Array(2));
      expect([...seen[call]]).toEqual([1 + sign * 0.5 * z[0], 2 + sign * 0.5 * z[1]].map(Math.fround));
    }
  });

  it("one-sided: compares with the losses at theta, which it asks for once, first", async () => {
    const seen: number[][] = [];
    const loss = (at: Float32Array): Float32Array => {
      seen.push([...at]);
      return linear(at);
    };
    const theta = new Float32Array(2);
    const options = { seed: 3, epsilon: 1, directions: 2 } as const;
    const g = await spsa(loss, theta, { ...options, differences: "one-sided" });
    const z = [0, 1].map((k) => [...direction(g, k, 0, new Float32Array(2))]);
    expect(seen).toEqual([[0, 0], ...z]);
    // on a linear loss both kinds give the slope; epsilon 1 and theta 0 leave nothing to round
    expect(g).toEqual(await spsa(linear, theta, options));
  });

  it("one-sided: is off by half the curvature along z, two-sided is not", async () => {
    const square = (at: Float32Array): Float32Array => Float32Array.of(at[0] * at[0]);
    const options = { seed: 5, epsilon: 2 ** -4 };
    const two = await spsa(square, Float32Array.of(1), options);
    const one = await spsa(square, Float32Array.of(1), { ...options, differences: "one-sided" });
    const [z] = direction(two, 0, 0, new Float32Array(1));
    // losses near 1 have a spacing of 2^-23, differences are divided by 2^-4: 2^-18 covers the rounding
    expect(Math.abs(two.coefficients.data[0] - 2 * z)).toBeLessThan(2 ** -18);
    expect(Math.abs(one.coefficients.data[0] - (2 * z + z * z * options.epsilon))).toBeLessThan(2 ** -18);
  });

  it("one-sided: NaN at theta marks the example in every direction", async () => {
    const loss = (at: Float32Array): Float32Array => Float32Array.of(at[0] === 0 ? Number.NaN : 1, at[0]);
    const g = await spsa(loss, new Float32Array(1), { seed: 1, directions: 2, differences: "one-sided" });
    expect(finiteRows(g.coefficients)).toEqual(Int32Array.of(1));
  });

  it("leaves theta untouched, bit for bit, whatever the loss does with what it gets", async () => {
    await fc.assert(
      fc.asyncProperty(fc.float32Array({ minLength: 1, noNaN: true, min: -1e6, max: 1e6 }), async (theta) => {
        const bits = new Uint32Array(
          theta.buffer.slice(theta.byteOffset, theta.byteOffset + theta.byteLength),
        );
        const spoil = (at: Float32Array): Float32Array => {
          const loss = Float32Array.of(at[0]);
          at.fill(7);
          return loss;
        };
        await spsa(spoil, theta, { seed: 1, directions: 3 });
        expect(new Uint32Array(theta.buffer, theta.byteOffset, theta.length)).toEqual(bits);
      }),
    );
  });

  it("draws one set of directions for the run, or one for each step when fresh", async () => {
    const theta = new Float32Array(5);
    const loss = (): Float32Array => new Float32Array(1);
    const z = async (step: number, fresh: boolean): Promise<number[]> => {
      const g = await spsa(loss, theta, { seed: 9, step, fresh, directions: 2 });
      expect(g.step).toBe(step);
      return [...direction(g, 1, 0, new Float32Array(5))];
    };
    expect(await z(4, false)).toEqual(await z(5, false));
    expect(await z(4, true)).toEqual(await z(4, true));
    expect(await z(4, true)).not.toEqual(await z(5, true));
    expect(await z(4, true)).not.toEqual(await z(4, false));
  });

  it("approaches the gradient with many directions", async () => {
    const g = await spsa(linear, Float32Array.of(1, -1), { seed: 2, epsilon: 2 ** -4, directions: 4096 });
    const estimate = dense(g);
    const exact = [2, 1, -1, 0, 0, 4];
    // the standard error of an entry is at most sqrt(2) |g_i| / sqrt(q) = 0.09
    expect(Math.max(...exact.map((value, at) => Math.abs(value - estimate.data[at])))).toBeLessThan(0.35);
  });

  it("copes with a loss that fills one array again and again", async () => {
    const reused = new Float32Array(3);
    const loss = (theta: Float32Array): Float32Array => {
      reused.set(linear(theta));
      return reused;
    };
    const theta = Float32Array.of(0.5, 1);
    const g = await spsa(loss, theta, { seed: 3, directions: 2 });
    expect(g).toEqual(await spsa(linear, theta, { seed: 3, directions: 2 }));
  });

  it("marks the examples whose losses are not finite, and no others", async () => {
    const loss = (theta: Float32Array): Float32Array =>
      Float32Array.of(theta[0], Number.NaN, theta[0] > 0 ? Number.POSITIVE_INFINITY : 1, 2);
    const g = await spsa(loss, new Float32Array(1), { seed: 1, directions: 3 });
    expect(finiteRows(g.coefficients)).toEqual(Int32Array.of(0, 3));
    expect([...g.coefficients.data].some((c) => Math.abs(c) === Number.POSITIVE_INFINITY)).toBe(false);
    expect(() => dense(g)).toThrow('dense: "g" must be finite, got NaN at [1, 0]');
  });

  it("stops between evaluations when its signal says so", async () => {
    const controller = new AbortController();
    let calls = 0;
    const loss = (): Float32Array => {
      if (++calls === 3) controller.abort(new Error("enough"));
      return new Float32Array(1);
    };
    const options = { seed: 1, directions: 5, signal: controller.signal };
    await expect(spsa(loss, new Float32Array(1), options)).rejects.toThrow("enough");
    expect(calls).toBe(3);
  });

  it.each([
    [{ seed: 1, epsilon: 0 }, 'spsa: "epsilon" must be finite and above 0, got 0'],
    [
      { seed: 1, epsilon: Number.POSITIVE_INFINITY },
      'spsa: "epsilon" must be finite and above 0, got Infinity',
    ],
    [{ seed: 1, directions: 0 }, 'spsa: "directions" must be at least 1, got 0'],
    [{ seed: 1, directions: 1.5 }, 'spsa: "directions" must be an integer in [0, 4294967295], got 1.5'],
    [{ seed: 1, differences: "both" }, 'spsa: "differences" must be "two-sided" or "one-sided", got "both"'],
    [{ seed: -1 }, 'spsa: "seed" must be an integer of at least 0, got -1'],
    [{ seed: 1, step: 0.5 }, 'spsa: "step" must be an integer of at least 0, got 0.5'],
  ])("refuses options %o", async (options, message) => {
    const call = Reflect.apply(spsa, undefined, [linear, new Float32Array(2), options]);
    await expect(call).rejects.toThrow(new RangeError(message));
  });

  it("refuses parameters and losses it cannot use, before or at the first wrong one", async () => {
    const seed = { seed: 1 };
    await expect(spsa(linear, new Float32Array(0), seed)).rejects.toThrow(
      new RangeError('spsa: "theta" must have at least 1 entry, got 0'),
    );
    await expect(spsa(linear, Float32Array.of(1, Number.NaN), seed)).rejects.toThrow(
      new RangeError('spsa: "theta" must be finite, got NaN at 1'),
    );
    let length = 3;
    const shrinking = (): Float32Array => new Float32Array(length--);
    await expect(spsa(shrinking, new Float32Array(1), seed)).rejects.toThrow(
      new RangeError('spsa: "loss" must return as many losses at every call, 3 so far, got 2'),
    );
    // @ts-expect-error: an array of numbers is refused at run time too
    await expect(spsa(linear, [1, 2], seed)).rejects.toThrow(
      new TypeError('spsa: "theta" must be a Float32Array, got an array of 2'),
    );
    // @ts-expect-error: so is a loss that returns one
    await expect(spsa(() => [1, 2], new Float32Array(1), seed)).rejects.toThrow(
      new TypeError('spsa: "loss" must return a Float32Array, got an array of 2'),
    );
  });

  it("takes a matrix of coefficients of its own: nothing is shared with the losses", async () => {
    const g = await spsa(linear, new Float32Array(2), { seed: 3 });
    expect(g.coefficients).toEqual(matrix(g.coefficients.data.slice(), 3, 1));
  });
});
