import { type AdamState, adamNormalize, directionScalars, moments, sparsify } from "@colm/adam-normalize";
import { type Matrix, matrix } from "@colm/array";
import { type DirectionalGradients, directionalGradients } from "@colm/spsa";
import { facilityLocation } from "@colm/submodular";
import { describe, expect, it } from "vitest";
import { createSelector, type SelectionResult, type Selector } from "../src/index.ts";
import { type GoldenCase, type GoldenStep, goldenCases, hasGolden, metrics } from "./golden.ts";

const adam = adamNormalize();

describe.skipIf(!hasGolden)("the reference's pipelines (need ../shared/golden/colm)", () => {
  it.each(hasGolden ? goldenCases() : [])("$name", async (golden) => {
    const selector = selectorOf(golden);
    let state = selector.init();
    for (const [k, step] of golden.steps.entries()) {
      const gradients = gradientsOf(golden, step);
      const result = await selector.select(state, { gradients, sources: step.sources });
      expect(result.indices.length).toBe(golden.budget);
      if (step.selected === undefined) {
        // the reference fails where every example is kept; the first ones are the obvious answer
        expect(result.indices).toEqual(Int32Array.from({ length: golden.budget }, (_, i) => i));
        state = result.state;
        continue;
      }
      compareCounts(golden, step, result);
      if (hasOurFeatures(golden)) compareSelection(golden, step, result, state.history, gradients);
      const history = recordedHistory(golden, step, state.history, gradients);
      if (history !== null) compareHistory(golden, step, history);
      // feed the recorded selection forward, so that every step starts from the recorded history
      state = { step: k + 1, history };
    }
  });
});

/** The reference also ranks coordinates otherwise and rescales gradients; kept examples and shares stay comparable. */
function hasOurFeatures({ options }: GoldenCase): boolean {
  return options.topk === "largest" && options.transform === "none";
}

function selectorOf({ budget, zo_dim, keep_sources, options, steps }: GoldenCase): Selector {
  const sourceCount = 1 + Math.max(...steps.flatMap(({ sources }) => sources));
  return createSelector({
    mode: "official",
    budget,
    keep: zo_dim,
    metric: metrics[options.metric],
    ...(options.optim === "sgd" && { adam: false }),
    weighting: options.method_ === "weightedsubmodlib" ? "cluster" : "uniform",
    seed: 1,
    sources: {
      small: Array.from({ length: sourceCount }, (_, s) => keep_sources.includes(s)),
      quotas: {
        strategy: options.strategy === "balanced" ? "balanced" : "proportional",
        rounding: options.start,
      },
    },
  });
}

function gradientsOf({ N, D, z, mezo_eps }: GoldenCase, step: GoldenStep): Matrix | DirectionalGradients {
  const { reps, loss_plus = [], loss_minus = [], projected_grad = [] } = step;
  if (z === undefined) return matrix(Float32Array.from(reps ?? []), N, D);
  const c = Float32Array.from(projected_grad);
  c.forEach((value, i) => {
    // the losses are recorded to float32 near 1, 6e-8, which 2 epsilon magnifies
    const difference = (loss_plus[i] - loss_minus[i]) / (2 * mezo_eps);
    expect(Math.abs(difference - value)).toBeLessThan(
      (4 * 6e-8 * Math.max(1, loss_plus[i])) / (2 * mezo_eps),
    );
  });
  return directionalGradients(matrix(c, N, 1), { dimension: D, seed: 1 });
}

function compareCounts(
  golden: GoldenCase,
  step: GoldenStep,
  { indices, weights, diagnostics }: SelectionResult,
): void {
  const { selected = [], loss_weights = [], sources } = step;
  const isKept = (i: number) => golden.keep_sources.includes(sources[i]);
  expect(Array.from(indices).filter(isKept)).toEqual(selected.filter(isKept));
  expect(diagnostics.kept).toBe(selected.filter(isKept).length);
  if (golden.options.strategy !== "balanced") {
    expect(Array.from(indices, (i) => sources[i])).toEqual(selected.map((i) => sources[i]));
  }
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  expect(sum(weights)).toBeCloseTo(sum(loss_weights), 4);
  // weights are multiples of one kept example's: compare that one
  if (diagnostics.kept > 0) expect(weights[0]).toBeCloseTo(loss_weights[0], 6);
}

/** Each big source's choice: the recorded one where gains were apart, else one that covers as well. */
function compareSelection(
  golden: GoldenCase,
  step: GoldenStep,
  result: SelectionResult,
  history: AdamState | null,
  gradients: Matrix | DirectionalGradients,
): void {
  const { fl = [], sources } = step;
  const { options, zo_dim } = golden;
  const updates = updatesOf(golden, history ?? adam.init(golden.D), gradients);
  compareUpdates(golden, step, updates);
  const features =
    "coefficients" in gradients ? updates : sparsify(updates, { keep: zo_dim, groups: sources }).values;
  const solved = sharesOf(golden, step).filter(({ members, chosen }) => chosen.length < members.length);
  expect(fl.length).toBe(solved.length);
  solved.forEach(({ source, members, chosen }, s) => {
    const ours = Array.from(result.indices).filter((i) => sources[i] === source);
    const hasSameShare = options.strategy !== "balanced" || ours.length === chosen.length;
    // means that tie, as in every first step, leave it open which coordinates are kept
    if (!hasSameShare || !hasClearRanking(updates, members, features.shape[1])) return;
    if (fl[s].min_rel_margin > clearMargin(options.metric)) expect(ours).toEqual(chosen);
    // isolated pairs tie exactly: which of the two is taken is up to rounding, and later picks follow from it
    const recorded = summedDistance(features, members, chosen, golden);
    const slack = "coefficients" in gradients ? 1.001 : 1.01;
    expect(summedDistance(features, members, ours, golden)).toBeLessThanOrEqual(slack * recorded + 1e-6);
    if ("coefficients" in gradients && options.metric === "l1") expectGreedy(features, members, chosen);
    const scale = "coefficients" in gradients ? columnScale(golden) : 1;
    const reached = coverage(features, members, chosen, golden) * scale;
    expect(Math.abs(reached - fl[s].objective)).toBeLessThanOrEqual(0.01 * fl[s].objective);
  });
  compareMasked(golden, step, features, updates);
}

/** Above this relative margin the order is certain; distances by matrix products, as there for L2, err by 1e-3. */
function clearMargin(metric: GoldenCase["options"]["metric"]): number {
  return metric === "euclidean" ? 1e-2 : 1e-5;
}

function updatesOf(
  { options }: GoldenCase,
  history: AdamState,
  gradients: Matrix | DirectionalGradients,
): Matrix {
  if ("coefficients" in gradients) return directionScalars(history, gradients, { normalizer: adam });
  return options.optim === "sgd" ? gradients : adam.normalize(history, gradients);
}

function bigRows({ keep_sources }: GoldenCase, { sources }: GoldenStep): number[] {
  return sources.flatMap((source, i) => (keep_sources.includes(source) ? [] : [i]));
}

function rowOf(m: Matrix, i: number): number[] {
  return Array.from({ length: m.shape[1] }, (_, j) => m.get(i, j));
}

const total = (values: number[]): number => values.reduce((a, b) => a + b, 0);

function compareUpdates(golden: GoldenCase, step: GoldenStep, updates: Matrix): void {
  const { update_scalar = [], update_scalar_spread = 0, update_rowsum = [], update_rownorm = [] } = step;
  bigRows(golden, step).forEach((i, row) => {
    const update = rowOf(updates, i);
    if (row < update_scalar.length && update_scalar_spread <= 1e-3) {
      const tolerance = 1e-4 * Math.max(1e-2, Math.abs(update_scalar[row]));
      expect(Math.abs(update[0] - update_scalar[row])).toBeLessThanOrEqual(tolerance);
    }
    if (row < update_rowsum.length) {
      expect(total(update)).toBeCloseTo(update_rowsum[row], 4);
      expect(Math.hypot(...update)).toBeCloseTo(update_rownorm[row], 4);
    }
  });
}

function compareMasked(golden: GoldenCase, step: GoldenStep, features: Matrix, updates: Matrix): void {
  const { masked_rowsum = [], sources } = step;
  bigRows(golden, step).forEach((i, row) => {
    const members = sources.flatMap((source, other) => (source === sources[i] ? [other] : []));
    if (row >= masked_rowsum.length || !hasClearRanking(updates, members, features.shape[1])) return;
    expect(total(rowOf(features, i))).toBeCloseTo(masked_rowsum[row], 4);
  });
}

/** Whether the means that decide which coordinates are kept are apart. */
function hasClearRanking(updates: Matrix, members: number[], keep: number): boolean {
  const rows = members.map((i) => rowOf(updates, i));
  const means = rows[0].map((_, j) => Math.abs(total(rows.map((row) => row[j])) / rows.length));
  means.sort((a, b) => b - a);
  return keep >= means.length || means[keep - 1] - means[keep] > 1e-5;
}

/** Members and recorded choice of each big source that got a share, ascending. */
function sharesOf({ keep_sources }: GoldenCase, { sources, selected = [] }: GoldenStep) {
  const present = [...new Set(sources)]
    .filter((source) => !keep_sources.includes(source))
    .sort((a, b) => a - b);
  return present
    .map((source) => ({
      source,
      members: sources.flatMap((other, i) => (other === source ? [i] : [])),
      chosen: selected.filter((i) => sources[i] === source),
    }))
    .filter(({ chosen }) => chosen.length > 0);
}

/** The recorded order is a greedy run on our scalars too: at every pick nobody gains more. */
function expectGreedy(scalars: Matrix, members: number[], chosen: number[]): void {
  const x = members.map((i) => scalars.get(i, 0));
  const width = Math.max(...x) - Math.min(...x);
  const similarities = Float64Array.from(x.flatMap((a) => x.map((b) => width - Math.abs(a - b))));
  const evaluator = facilityLocation(matrix(similarities, x.length, x.length)).start();
  const everybody = Array.from(x.keys());
  for (const own of chosen) {
    const item = members.indexOf(own);
    const most = Math.max(...everybody.map((j) => evaluator.gain(j)));
    expect(evaluator.gain(item)).toBeGreaterThanOrEqual(most - 1e-6 * x.length * width);
    evaluator.add(item);
  }
}

/** What facility location reaches: the sum over the members of the similarity to the nearest chosen one. */
function coverage(features: Matrix, members: number[], chosen: number[], golden: GoldenCase): number {
  const rows = members.map((i) => rowOf(features, i));
  const between = distanceOf(golden);
  const largest =
    golden.options.metric === "cosine" ? 1 : Math.max(...rows.flatMap((a) => rows.map((b) => between(a, b))));
  return largest * rows.length - summedDistance(features, members, chosen, golden);
}

/** `sum_i min_j d_ij`, from every member to the nearest chosen one. */
function summedDistance(features: Matrix, members: number[], chosen: number[], golden: GoldenCase): number {
  const rows = members.map((i) => rowOf(features, i));
  const medoids = chosen.map((i) => rows[members.indexOf(i)]);
  const between = distanceOf(golden);
  return total(rows.map((a) => Math.min(...medoids.map((b) => between(a, b)))));
}

function distanceOf({ options }: GoldenCase): (a: number[], b: number[]) => number {
  return (a, b) => {
    if (options.metric === "l1") return total(a.map((x, j) => Math.abs(x - b[j])));
    if (options.metric === "euclidean") return Math.hypot(...a.map((x, j) => x - b[j]));
    return 1 - total(a.map((x, j) => x * b[j])) / (Math.hypot(...a) * Math.hypot(...b));
  };
}

/** How many times larger distances of `zo_dim` coordinates `r sign(z)` are than those of r. */
function columnScale({ options, zo_dim }: GoldenCase): number {
  if (options.metric === "cosine") return 1;
  return options.metric === "l1" ? zo_dim : Math.sqrt(zo_dim);
}

function recordedHistory(
  golden: GoldenCase,
  { selected = [], sources }: GoldenStep,
  history: AdamState | null,
  gradients: Matrix | DirectionalGradients,
): AdamState | null {
  if (golden.options.optim === "sgd") return null;
  const big = selected.filter((i) => !golden.keep_sources.includes(sources[i]));
  return adam.advance(history ?? adam.init(golden.D), gradients, big);
}

function compareHistory(golden: GoldenCase, step: GoldenStep, history: AdamState): void {
  const { prev_m_after = [], prev_v_after = [] } = step;
  if (golden.options.transform !== "none") return;
  const { z = [] } = golden;
  const { m, v } =
    history.kind === "dense"
      ? moments(history)
      : { m: z.map((zj) => history.m * zj), v: z.map((zj) => history.v * zj ** 2) };
  prev_m_after.forEach((theirs, j) => {
    // a mean of both signs: its error is relative to what was summed, of which the root of v tells the size
    const size = Math.max(Math.abs(theirs), Math.sqrt(prev_v_after[j]));
    expect(Math.abs(m[j] - theirs)).toBeLessThanOrEqual(1e-4 * size);
  });
  prev_v_after.forEach((theirs, j) => {
    expect(Math.abs(v[j] - theirs)).toBeLessThanOrEqual(1e-4 * theirs);
  });
}
