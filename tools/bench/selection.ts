import { type AdamState, adamNormalize, sparsify } from "@colm/adam-normalize";
import { matrix, normal } from "@colm/array";
import { createSelector, type SelectorState } from "@colm/coreset";
import { quotas } from "@colm/source-balance";
import { type DirectionalGradients, dense } from "@colm/spsa";
import { selectMedoids } from "@colm/submodular";
import { startArrayMeter } from "./array-meter.ts";
import { interleave, time } from "./measure.ts";
import { gpujsFigures } from "./selection/gpujs.ts";
import {
  BUDGET,
  COUNTS,
  DIMENSION,
  drawSources,
  estimates,
  KEEP,
  OFFICIAL,
  POOL,
  SMALL,
} from "./selection/pool.ts";

/** Coordinates of exact features in default mode. */
const EXACT = 4096;

/**
 * One selection 128 -> 64 in a later step of a run: in official mode (one fixed direction), from eight directions, in default
 * mode on 4,096 exact features (herding and swaps), and by the straightforward dense implementation, which builds every gradient and every normalised gradient in full.
 * `gpujs_*_ms`: the selection from eight directions by kernels, in each mode of gpu.js that runs here.
 * `*_bytes`: peak array bytes above the coefficients and the history that went in; the history that comes out counts.
 */
export async function run(): Promise<Record<string, number>> {
  const meter = startArrayMeter();
  const sources = drawSources();
  const selector = createSelector(OFFICIAL);
  const one = [estimates(1, 1), estimates(1, 2)];
  const eight = [estimates(8, 1), estimates(8, 2)];
  const afterOne = (await selector.select(selector.init(), { gradients: one[0], sources })).state;
  const official = () => selector.select(afterOne, { gradients: one[1], sources });
  // measured before the others run, whose WebAssembly memory may be kept
  const official_bytes = await meter.peak(official);

  const afterEight = (await selector.select(selector.init(), { gradients: eight[0], sources })).state;
  const spsa8 = () => selector.select(afterEight, { gradients: eight[1], sources });
  const spsa8_bytes = await meter.peak(spsa8);

  const exact = matrix(normal(new Float32Array(POOL * EXACT), { seed: 7, stream: 9 }), POOL, EXACT);
  const herding = createSelector({
    mode: "default",
    features: "last-value",
    budget: BUDGET,
    sources: { small: SMALL },
  });
  const byDefault = () => herding.select(herding.init(), { gradients: exact, sources });
  const default_bytes = await meter.peak(byDefault);

  const denseHistory = fullHistory(one[0]);
  const reference = async () => denseSelection(denseHistory, one[1], sources);
  const dense_reference_bytes = await meter.peak(reference);
  meter.stop();
  const official_ms = await time(official, { rounds: 15, warmup: 100, sampleMs: 20 });
  const default_ms = await time(byDefault, { rounds: 15, warmup: 20, sampleMs: 20 });
  const slow = await interleave({ spsa8, reference }, { rounds: 5, warmup: 1 });
  const gpujs = await gpujsFigures((await spsa8()).indices);
  return {
    official_ms,
    official_bytes,
    default_ms,
    default_bytes,
    spsa8_ms: slow.spsa8,
    spsa8_bytes,
    dense_reference_ms: slow.reference,
    dense_reference_bytes,
    ...gpujs,
  };
}

/** The selection as its equations stand, every intermediate result held: n x d gradients, n x d features. */
function denseSelection(
  history: AdamState,
  gradients: DirectionalGradients,
  sources: Int32Array,
): SelectorState {
  const adam = adamNormalize();
  const kept = Array.from(sources.keys()).filter((i) => SMALL[sources[i]]);
  const groups = COUNTS.map((_, s) =>
    Array.from(sources.keys()).filter((i) => sources[i] === s && !SMALL[s]),
  );
  const shares = quotas(
    groups.map((rows) => rows.length),
    BUDGET - kept.length,
  );
  const full = dense(gradients);
  const u = adam.normalize(history, full);
  const { values } = sparsify(u, { keep: KEEP, groups: sources });
  const chosen = groups.flatMap((rows, s) => {
    const own = matrix(new Float32Array(rows.length * KEEP), rows.length, KEEP);
    rows.forEach((row, i) => {
      for (let j = 0; j < KEEP; j++) own.set(i, j, values.get(row, j));
    });
    const { indices } = selectMedoids(own, { count: shares[s], metric: "l1", method: "lazy", ties: "high" });
    return Array.from(indices, (i) => rows[i]);
  });
  return { step: history.step + 1, history: adam.advance(history, full, chosen) };
}

/** A history of two vectors after one step, as the reference holds it. */
function fullHistory(gradients: DirectionalGradients): AdamState {
  const adam = adamNormalize();
  return adam.advance(
    adam.init(DIMENSION),
    dense(gradients),
    Array.from({ length: BUDGET }, (_, i) => i),
  );
}
