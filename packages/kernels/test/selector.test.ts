import { matrix, normal } from "@colm/array";
import {
  createSelector,
  type DefaultOptions,
  type FeatureMethodOptions,
  type OfficialOptions,
} from "@colm/coreset";
import { directionalGradients } from "@colm/spsa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKernels, type Kernels } from "../src/index.ts";
import { modes } from "./modes.ts";

const [N, D] = [61, 900];
const sources = Array.from({ length: N }, (_, i) => (i % 9 === 0 ? 2 : i % 4 === 0 ? 1 : 0));
const small = [false, false, true];
const common = { budget: 25, sources: { small }, seed: 4 };

/** Gradients of a step, in sixteenths: their scalar products and distances are exact in float32, so only equal ones tie. */
const exact = (step: number) =>
  matrix(
    normal(new Float32Array(N * 40), { seed: 3, stream: step }).map((x) => Math.round(16 * x) / 16),
    N,
    40,
  );
const estimates = (step: number) =>
  directionalGradients(matrix(normal(new Float32Array(N * 4), { seed: 5, stream: step }), N, 4), {
    dimension: D,
    seed: 6,
    step,
    fresh: true,
  });

const selections: {
  name: string;
  options: DefaultOptions | FeatureMethodOptions | OfficialOptions;
  where: string[];
}[] = [
  {
    name: "default mode",
    options: { ...common, mode: "default", features: "last-block" },
    where: ["kernel"],
  },
  {
    name: "default mode by angles, in Adam space",
    options: { ...common, mode: "default", features: "last-block", adam: {}, metric: "cosine" },
    where: ["kernel"],
  },
  {
    name: "craig",
    options: { ...common, method: "craig", features: "last-block" },
    where: ["kernel"],
  },
  {
    name: "grad-match",
    options: { ...common, method: "grad-match", features: "last-block", metric: "l1" },
    where: ["kernel"],
  },
  {
    name: "official mode on exact gradients",
    options: { ...common, mode: "official", adam: false, metric: "l2" },
    where: ["choice"],
  },
];

for (const { mode, name, here } of modes) {
  describe.skipIf(!here)(`createSelector with kernels in ${name}`, () => {
    let kernels: Kernels;
    beforeAll(async () => {
      kernels = await createKernels({ mode });
    });
    afterAll(() => kernels.dispose());

    it.each(selections)("chooses in $name what it chooses without them", async ({ options, where }) => {
      const here = createSelector(options);
      const there = createSelector({ ...options, kernels });
      let [state, other] = [here.init(), there.init()];
      for (let step = 0; step < 3; step++) {
        const pool = { gradients: exact(step), sources };
        const a = await here.select(state, pool);
        const b = await there.select(other, pool);
        expect(b.indices).toEqual(a.indices);
        for (const [t, weight] of b.weights.entries()) expect(weight).toBeCloseTo(a.weights[t], 4);
        expect(b.state).toEqual(a.state);
        expect(b.diagnostics.modes).toEqual(Object.fromEntries(where.map((stage) => [stage, mode])));
        [state, other] = [a.state, b.state];
      }
    });

    it("chooses in official mode from estimates what it chooses without them, stream and all", async () => {
      // so small that the signs of a first step are 1 and -1, whose distances tie exactly
      const options = { ...common, mode: "official", keep: 60, adam: { epsilon: 1e-30 } } as const;
      const here = createSelector(options);
      const there = createSelector({ ...options, kernels });
      let [state, other] = [here.init(), there.init()];
      for (let step = 0; step < 4; step++) {
        const pool = { gradients: estimates(step), sources };
        const a = await here.select(state, pool);
        const b = await there.select(other, pool);
        expect(b.indices).toEqual(a.indices);
        expect(b.state).toEqual(a.state);
        expect(b.diagnostics.modes).toEqual({ features: mode, choice: mode });
        [state, other] = [a.state, b.state];
      }
    });
  });
}

it('says which mode "auto" took', async () => {
  const kernels = await createKernels();
  const selector = createSelector({ ...common, mode: "default", features: "last-block", kernels });
  const { diagnostics } = await selector.select(selector.init(), { gradients: exact(0), sources });
  expect(diagnostics.modes).toEqual({ kernel: kernels.mode });
  expect(kernels.choices.map(({ mode }) => mode)).toEqual([kernels.mode]);
  await kernels.dispose();
});
