import { describe, expect, it } from "vitest";
import { compileExpression, quantity } from "../src/expression.ts";
import { makeSchedule, resolveSchedule } from "../src/make-schedule.ts";

const schedule = (lrSchedulerType: string, more: object = {}, steps = 8) =>
  makeSchedule(resolveSchedule({ learningRate: 0.5, lrSchedulerType, ...more }, steps), 4);

describe("a schedule by expression", () => {
  it("is the factor of the learning rate, in step, steps and epoch", async () => {
    const rate = await schedule("0.5 * (1 + cos(pi * step / steps))");
    expect([0, 4, 8].map((step) => Number(rate(step).toFixed(12)))).toEqual([0.5, 0.25, 0]);
    const byEpoch = await schedule("epoch < 1 ? 1 : 0.5 ^ epoch");
    expect([0, 3, 4, 8].map(byEpoch)).toEqual([0.5, 0.5, 0.25, 0.125]);
  });

  it("has a warm-up only where one is given", async () => {
    expect([0, 1, 2, 3].map(await schedule("1", {}, 100))).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect([0, 1, 2, 3].map(await schedule("1", { warmupSteps: 2 }, 100))).toEqual([0, 0.25, 0.5, 0.5]);
  });

  it("agrees with the schedules that have a name", async () => {
    const linear = await schedule("(steps - step) / steps");
    const named = await schedule("linear", { warmupRatio: 0 });
    const cosine = await schedule("cosine", { warmupRatio: 0 });
    const expression = await schedule("(1 + cos(pi * step / steps)) / 2");
    for (let step = 0; step < 8; step++) {
      expect(linear(step)).toBe(named(step));
      expect(expression(step)).toBeCloseTo(cosine(step), 15);
    }
  });

  it("refuses what is no arithmetic, by name", async () => {
    const refused = async (text: string, message: string): Promise<void> => {
      await expect(schedule(text)).rejects.toThrow(RangeError);
      await expect(schedule(text)).rejects.toThrow(`got ${JSON.stringify(text)}: ${message}`);
    };
    await refused("liner", "liner is not known");
    await refused("1 +", "Unexpected end of expression");
    await refused("a = 1", "assignment is not arithmetic");
    await refused("f(x) = x", "functionassignment is not arithmetic");
    await refused('import("x")', "import is not known");
    await refused("cos", "cos is not known");
    await refused("[1, 2]", "array is not arithmetic");
    await refused("step.constructor", "accessor is not arithmetic");
    await refused('"a"', "text is not arithmetic");
  });

  it("refuses a rate that is negative or no number at a step of the run", async () => {
    await expect(schedule("1 - step")).rejects.toThrow(
      '"lrSchedulerType at step 2" must be a finite number of at least 0, got -0.5',
    );
    await expect(schedule("log(step)")).rejects.toThrow(
      "must be a finite number at step = 0, steps = 8, epoch = 0, got -Infinity",
    );
    await expect(schedule("sqrt(step - 1)")).rejects.toThrow("got an object of kind Complex");
  });

  it("is tried at every step before the first, and only there", async () => {
    expect((await schedule("1 - step / 7"))(7)).toBe(0);
    await expect(schedule("1 - step / 6")).rejects.toThrow('"lrSchedulerType at step 7"');
    // step 8 is none of the run's
    expect((await schedule("1 / (8 - step)"))(7)).toBe(0.5);
  });
});

describe("compileExpression", () => {
  it("compiles once, to be called often", async () => {
    const double = await compileExpression("x", "2 * step", ["step"]);
    expect([1, 2, 3].map((step) => double({ step }))).toEqual([2, 4, 6]);
  });
});

describe("quantity", () => {
  it("reads units of time and bytes", async () => {
    expect(await quantity("maxMinutes", "90 s", "minutes")).toBe(1.5);
    expect(await quantity("maxMinutes", "2 hours", "minutes")).toBe(120);
    expect(await quantity("maxMinutes", 3, "minutes")).toBe(3);
    expect(await quantity("maxMinutes", "3", "minutes")).toBe(3);
    expect(await quantity("maxMemory", "4 GiB", "bytes")).toBe(4 * 2 ** 30);
    expect(await quantity("maxMemory", "1.5 GB", "bytes")).toBe(1.5e9);
  });

  it("refuses other units, and what is none", async () => {
    for (const value of ["4 GiB", "soon", "-1 s", -1, Number.NaN, Infinity]) {
      await expect(quantity("maxMinutes", value, "minutes")).rejects.toThrow(
        'train: "maxMinutes" must be a number of minutes or a text such as "90 s", got',
      );
    }
    await expect(quantity("maxMinutes", true, "minutes")).rejects.toThrow(TypeError);
  });
});
