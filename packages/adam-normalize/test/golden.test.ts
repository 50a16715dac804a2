import { existsSync, readFileSync } from "node:fs";
import { matrix } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import { adamNormalize, directionScalars, moments, normalizedFeatures, sparsify } from "../src/index.ts";

const folder = new URL("../../../../shared/golden/colm/", import.meta.url);
const missing = existsSync(folder) ? "" : ": shared/golden/colm is missing, skipped";

interface Step {
  sources: number[];
  reps?: number[];
  projected_grad?: number[];
  big_order?: number[];
  update_scalar?: number[];
  update_scalar_spread?: number;
  update_rowsum?: number[];
  update_rownorm?: number[];
  masked_rowsum?: number[];
  prev_m_after?: number[];
  prev_v_after?: number[];
}

interface Case {
  name: string;
  kind: string;
  D: number;
  zo_dim: number;
  options: { optim: string; topk: string; transform: string };
  beta1: number;
  beta2: number;
  adam_eps: number;
  keep_sources: number[];
  z?: number[];
  steps: Step[];
}

/** The numbers of the reference are float32; 1e-4 is the tolerance its description names. */
const TOLERANCE = 1e-4;

function goldenCases(kind: string): Case[] {
  const files = ["pipeline_onez.json", "pipeline_dense.json"];
  const parsed = files.map((name): { cases: Case[] } =>
    JSON.parse(readFileSync(new URL(name, folder), "utf8")),
  );
  const all = parsed.flatMap(({ cases }) => cases);
  const adam = all.filter(({ options }) => options.optim === "adam" && options.transform === "none");
  return adam.filter((one) => one.kind === kind);
}

/** The reference normalises the examples of sources that are not kept, and so do `big_order` and what follows count. */
function bigRows(one: Case, { sources }: Step): number[] {
  return sources.flatMap((source, i) => (one.keep_sources.includes(source) ? [] : [i]));
}

function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, where: string): void {
  const scale = Math.max(...Array.from(wanted, Math.abs));
  for (let i = 0; i < wanted.length; i++) {
    const allowed = TOLERANCE * Math.max(Math.abs(wanted[i]), 1e-3 * scale);
    expect(Math.abs(actual[i] - wanted[i]), `${where} [${i}]`).toBeLessThanOrEqual(allowed);
  }
}

describe.skipIf(missing !== "")(`golden pipelines${missing}`, () => {
  it("one z, closed form: scalars, and the history fed forward", () => {
    let compared = 0;
    for (const one of goldenCases("onez")) {
      const z = one.z ?? [];
      const adam = adamNormalize({ beta1: one.beta1, beta2: one.beta2, epsilon: one.adam_eps });
      let state = adam.init(one.D);
      for (const [t, step] of one.steps.entries()) {
        const { projected_grad: c = [], update_scalar: r, big_order: selected } = step;
        if (r === undefined || selected === undefined) continue;
        const where = `${one.name}, step ${t + 1}`;
        const big = Float32Array.from(bigRows(one, step), (i) => c[i]);
        const gradients = directionalGradients(matrix(big, big.length, 1), {
          dimension: one.D,
          seed: 1,
          step: t,
        });
        const scalars = directionScalars(state, gradients, { normalizer: adam });
        if ((step.update_scalar_spread ?? 0) <= 1e-3) expectClose(scalars.data, r, where);
        state = adam.advance(state, gradients, selected);
        const { m, v, kind } = state;
        if (kind !== "fixed-direction") throw new Error("the closed form was left");
        expectClose(
          z.slice(0, 8).map((zj) => m * zj),
          step.prev_m_after ?? [],
          `${where}, m`,
        );
        expectClose(
          z.slice(0, 8).map((zj) => v * zj * zj),
          step.prev_v_after ?? [],
          `${where}, v`,
        );
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(50);
  });

  it("one z, every coordinate: the epsilon of each is exact, so no step is left out", () => {
    for (const one of goldenCases("onez")) {
      const z = one.z ?? [];
      const adam = adamNormalize({ beta1: one.beta1, beta2: one.beta2, epsilon: one.adam_eps });
      let state = adam.init(one.D);
      for (const [t, step] of one.steps.entries()) {
        const { projected_grad: c = [], update_scalar: r, big_order: selected } = step;
        if (r === undefined || selected === undefined) continue;
        const rows = bigRows(one, step);
        const g = Float32Array.from({ length: rows.length * one.D }, (_, at) => {
          return c[rows[Math.floor(at / one.D)]] * z[at % one.D];
        });
        const gradients = matrix(g, rows.length, one.D);
        const u = adam.normalize(state, gradients);
        const means = rows.map((_, i) => {
          return z.reduce((sum, zj, j) => sum + Math.sign(zj) * u.get(i, j), 0) / one.D;
        });
        expectClose(means, r, `${one.name}, step ${t + 1}`);
        state = adam.advance(state, gradients, selected);
      }
    }
  });

  it("dense gradients: normalised rows, kept coordinates, the history fed forward", () => {
    let masked = 0;
    for (const one of goldenCases("dense")) {
      const adam = adamNormalize({ beta1: one.beta1, beta2: one.beta2, epsilon: one.adam_eps });
      let state = adam.init(one.D);
      for (const [t, step] of one.steps.entries()) {
        const { reps = [], big_order: selected = [] } = step;
        const where = `${one.name}, step ${t + 1}`;
        const rows = bigRows(one, step);
        const g = rows.flatMap((i) => reps.slice(i * one.D, (i + 1) * one.D));
        const gradients = matrix(Float32Array.from(g), rows.length, one.D);
        const groups = rows.map((i) => step.sources[i]);
        const u = adam.normalize(state, gradients);
        expectClose(
          rowSums(u.data, one.D, (x) => x),
          step.update_rowsum ?? [],
          `${where}, sums`,
        );
        const squares = rowSums(u.data, one.D, (x) => x * x);
        expectClose(squares.map(Math.sqrt), step.update_rownorm ?? [], `${where}, norms`);
        const { values } = sparsify(u, { keep: one.zo_dim, groups });
        const streamed = normalizedFeatures(state, gradients, { keep: one.zo_dim, groups, normalizer: adam });
        expect(streamed, where).toEqual(values);
        // at step 1 u is +-1, so means tie and the reference leaves the choice to its sort
        if (t > 0 && one.options.topk === "largest") {
          expectClose(
            rowSums(values.data, one.zo_dim, (x) => x),
            step.masked_rowsum ?? [],
            `${where}, kept`,
          );
          masked++;
        }
        state = adam.advance(state, gradients, selected);
        const { m, v } = moments(state);
        expectClose(m, step.prev_m_after ?? [], `${where}, m`);
        expectClose(v, step.prev_v_after ?? [], `${where}, v`);
      }
    }
    expect(masked).toBeGreaterThan(20);
  });
});

function rowSums(data: ArrayLike<number>, width: number, of: (x: number) => number): number[] {
  return Array.from({ length: data.length / width }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += of(data[i * width + j]);
    return sum;
  });
}
