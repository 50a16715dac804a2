import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adam, adamw, lion, type NamedArrays, type Optimizer, sgd } from "../src/index.ts";
import { makeOptimizer } from "../src/make-optimizer.ts";

const one = (...values: number[]): Map<string, Float32Array> => new Map([["w", Float32Array.from(values)]]);
const of = (arrays: NamedArrays): number[] => [...(arrays.get("w") ?? [])];

/** Parameters after each of some updates. */
function path(optimizer: Optimizer, start: number, gradients: number[], rate: number): number[] {
  let parameters = one(start);
  let state = optimizer.init(parameters);
  return gradients.map((gradient) => {
    ({ state, parameters } = optimizer.update(state, one(gradient), parameters, rate));
    return of(parameters)[0];
  });
}

describe("sgd", () => {
  it("steps down the gradient, and with momentum again along the last steps", () => {
    expect(path(sgd(), 1, [1, 1, -2], 0.25)).toEqual([0.75, 0.5, 1]);
    // moves 1, 1 + 1/2, -2 + 3/4
    expect(path(sgd({ momentum: 0.5 }), 1, [1, 1, -2], 0.25)).toEqual([0.75, 0.375, 0.6875]);
  });

  it("decays through the gradient", () => {
    expect(path(sgd({ weightDecay: 0.5 }), 2, [0], 0.25)).toEqual([1.75]);
  });

  it("remembers nothing without momentum", () => {
    expect(sgd().init(one(1))).toEqual({ step: 0 });
    expect(Object.keys(sgd({ momentum: 0.5 }).init(one(1)))).toEqual(["step", "m"]);
  });
});

describe("lion", () => {
  it("moves by the rate against the sign of its direction", () => {
    // m: 0 -> 1/2 -> -3/4; directions 1/2 * 0 + 1/2 * 1 > 0, then 1/2 * 1/2 + 1/2 * -2 < 0
    const optimizer = lion({ beta1: 0.5, beta2: 0.5 });
    expect(path(optimizer, 1, [1, -2], 0.25)).toEqual([0.75, 1]);
    const first = optimizer.update(optimizer.init(one(1)), one(1), one(1), 0.25);
    expect(of(new Map(Object.entries(first.state.m)))).toEqual([0.5]);
  });

  it("stays where there is no gradient, but for the decay", () => {
    expect(path(lion(), 4, [0], 0.25)).toEqual([4]);
    expect(path(lion({ weightDecay: 0.5 }), 4, [0], 0.25)).toEqual([3.5]);
  });
});

describe("adam", () => {
  it("is adamw without a decay", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -64, max: 64 }), { minLength: 1, maxLength: 6 }), (raw) => {
        const gradients = raw.map((g) => g / 16);
        expect(path(adam(), 1, gradients, 0.125)).toEqual(path(adamw(), 1, gradients, 0.125));
      }),
    );
  });

  it("brings the decay into the moments, where adamw keeps it out", () => {
    // the gradient is 0, so Adam sees the decay alone and makes a whole step of it
    expect(path(adam({ weightDecay: 0.5 }), 4, [0], 0.25)[0]).toBeCloseTo(3.75, 6);
    expect(path(adamw({ weightDecay: 0.5 }), 4, [0], 0.25)).toEqual([3.5]);
  });
});

describe("parameter groups", () => {
  const two = (a: number, b: number): NamedArrays =>
    new Map([
      ["model.layers.0.mlp.up_proj.weight", Float32Array.of(a)],
      ["model.layers.0.input_layernorm.weight", Float32Array.of(b)],
    ]);
  const after = (optimizer: Optimizer, a: number, b: number): number[] => {
    const parameters = two(a, b);
    const next = optimizer.update(optimizer.init(parameters), two(0, 0), parameters, 0.25).parameters;
    return [...next.values()].flatMap((values) => [...values]);
  };

  it("norms and biases have no decay in a run, as in Hugging Face's trainer", () => {
    expect(after(makeOptimizer({ weightDecay: 0.5 }), 4, 4)).toEqual([3.5, 4]);
    expect(after(adamw({ weightDecay: 0.5 }), 4, 4)).toEqual([3.5, 3.5]);
  });

  it("of one's own come first, with a decay and a rate of their own", () => {
    const parameterGroups = [
      { match: "layernorm", weightDecay: 1 },
      { match: "up_proj", learningRateFactor: 0.5 },
    ];
    expect(after(makeOptimizer({ weightDecay: 0.5, parameterGroups }), 4, 4)).toEqual([3.75, 3]);
    for (const optim of ["adam", "sgd", "lion"] as const) {
      const [up, norm] = after(makeOptimizer({ optim, weightDecay: 0.5, parameterGroups }), 4, 4);
      expect(up).toBeLessThan(4);
      expect(norm).toBeLessThan(4);
      const still = [{ match: ".", learningRateFactor: 0 }];
      expect(after(makeOptimizer({ optim, weightDecay: 0.5, parameterGroups: still }), 4, 4)).toEqual([4, 4]);
    }
  });

  it("with a rate alone leave norms and biases without decay", () => {
    const parameterGroups = [{ match: "layers\\.0\\.", learningRateFactor: 0.5 }];
    expect(after(makeOptimizer({ weightDecay: 0.5, parameterGroups }), 4, 4)).toEqual([3.75, 4]);
    // decay and rate may come from two groups
    const two = [...parameterGroups, { match: "layernorm", weightDecay: 1, learningRateFactor: 3 }];
    expect(after(makeOptimizer({ weightDecay: 0.5, parameterGroups: two }), 4, 4)).toEqual([3.75, 3.5]);
  });

  it("are refused by place", () => {
    const refused = (group: object, message: string): void => {
      expect(() => adamw({ groups: [{ match: ".", ...group }] })).toThrow(message);
    };
    refused({ match: "(" }, 'adamw: "groups[0].match" must be a regular expression, got "("');
    refused(
      { weightDecay: -1 },
      'adamw: "groups[0].weightDecay" must be a finite number of at least 0, got -1',
    );
    refused({ learningRateFactor: Infinity }, '"groups[0].learningRateFactor" must be a finite number');
  });
});

describe("every optimizer", () => {
  const makers: Record<string, () => Optimizer> = {
    adamw: () => adamw({ weightDecay: 0.25 }),
    adam: () => adam({ weightDecay: 0.25 }),
    sgd: () => sgd({ momentum: 0.5, weightDecay: 0.25 }),
    lion: () => lion({ weightDecay: 0.25 }),
  };
  for (const [name, make] of Object.entries(makers)) {
    it(`${name} goes by names: another order of the parameters gives the same`, () => {
      const optimizer = make();
      const a = ["a", Float32Array.of(1, 2)] as const;
      const b = ["b", Float32Array.of(3)] as const;
      const gradients = new Map([
        ["b", Float32Array.of(0.5)],
        ["a", Float32Array.of(-1, 1)],
      ]);
      const results = [new Map([a, b]), new Map([b, a])].map((parameters) => {
        let step = optimizer.update(optimizer.init(parameters), gradients, parameters, 0.125);
        step = optimizer.update(structuredClone(step.state), gradients, step.parameters, 0.125);
        return step.parameters;
      });
      for (const key of ["a", "b"]) expect(results[0].get(key)).toEqual(results[1].get(key));
    });

    it(`${name} refuses a state of other parameters`, () => {
      const optimizer = make();
      const state = optimizer.init(one(1));
      expect(() => optimizer.update(state, one(1, 2), one(1, 2), 1)).toThrow(
        `${name}.update: "state.m" must have`,
      );
    });
  }

  it("is named in Hugging Face's words too", () => {
    expect(() => makeOptimizer({ optim: "adamw_torch" })).not.toThrow();
    expect(() => Reflect.apply(makeOptimizer, undefined, [{ optim: "adamx" }])).toThrow(
      new RangeError('train: "optim" must be "adamw", "adam", "sgd" or "lion", got "adamx"'),
    );
  });
});
