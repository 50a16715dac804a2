import { describe, expect, it } from "vitest";
import { createSelector } from "../src/index.ts";
import { sixteenths } from "./pools.ts";

describe("options of createSelector", () => {
  const official = { mode: "official", budget: 2 } as const;

  const options: [string, object, Error][] = [
    [
      "no budget",
      { mode: "official" },
      new TypeError('createSelector: "budget" must be a number, got undefined'),
    ],
    [
      "budget 0",
      { mode: "official", budget: 0 },
      new RangeError('createSelector: "budget" must be at least 1, got 0'),
    ],
    [
      "no mode",
      { budget: 2 },
      new RangeError('createSelector: "mode" must be one of "official", "default", got undefined'),
    ],
    [
      "an unknown method",
      { method: "best", budget: 2 },
      new RangeError(
        'createSelector: "method" must be one of "colm", "random", "keep-random", "facility-location", "herding", ' +
          '"gram-schmidt-walk", "grad-match", "craig", "big-loss", "small-loss", "grad-norm", "middle-perplexity", ' +
          '"completion-length", "least-confidence", "kmeans-centres", got "best"',
      ),
    ],
    [
      "random draws without a seed",
      { method: "random", budget: 2 },
      new TypeError('createSelector: "seed" must be a number, got undefined'),
    ],
    [
      "keep-random without small sources",
      { method: "keep-random", budget: 2, seed: 1 },
      new TypeError('createSelector: "sources.small" must be given for "keep-random", got undefined'),
    ],
    [
      "balanced quotas without a seed",
      { ...official, sources: { quotas: { strategy: "balanced" } } },
      new TypeError('createSelector: "seed" must be given for balanced quotas, got undefined'),
    ],
    [
      "random overflow without a seed",
      { ...official, sources: { small: [true], overflow: "random" } },
      new TypeError('createSelector: "seed" must be given for random overflow, got undefined'),
    ],
    [
      "an unknown metric",
      { ...official, metric: "l3" },
      new RangeError('createSelector: "metric" must be one of "l1", "l2", "cosine", "dot", got "l3"'),
    ],
    [
      "an unknown overflow rule",
      { ...official, sources: { overflow: "drop" } },
      new RangeError(
        'createSelector: "sources.overflow" must be one of "truncate", "random", "proportional", got "drop"',
      ),
    ],
    [
      "small sources of another kind",
      { ...official, sources: { small: 3 } },
      new TypeError('createSelector: "sources.small" must be booleans or { counts, rule, value }, got 3'),
    ],
    [
      "small sources that are no booleans",
      { ...official, sources: { small: [true, 0] } },
      new TypeError('createSelector: "sources.small" must hold booleans, got 0 at 1'),
    ],
    ["keep 0", { ...official, keep: 0 }, new RangeError('createSelector: "keep" must be at least 1, got 0')],
    [
      "a decay of 1",
      { ...official, adam: { beta1: 1 } },
      new RangeError('createSelector: "beta1" must be in [0, 1), got 1'),
    ],
  ];

  const kinds: [object, string][] = [
    [{ sources: [true, false] }, '"sources" must be an object, got an array of 2'],
    [{ sources: null }, '"sources" must be an object, got null'],
    [{ method: null }, '"method" must be one of "colm", '],
    [{ adam: true }, '"adam" must be an object or false, got true'],
    [{ adam: 5 }, '"adam" must be an object or false, got 5'],
    [{ mode: "default", adam: null }, '"adam" must be an object or false, got null'],
    [{ mode: "default", memory: null }, '"memory" must be an object, got null'],
    [{ mode: "default", memory: "x" }, '"memory" must be an object, got "x"'],
    [{ mode: "default", sources: { quotas: true } }, '"sources.quotas" must be an object or false, got true'],
    [{ sources: { quotas: true } }, '"sources.quotas" must be an object, got true'],
    [{ sources: { quotas: false } }, '"sources.quotas" must be an object, got false'],
    [
      { method: "herding", sources: { quotas: {} } },
      '"sources.quotas" must be absent for other methods than "colm"',
    ],
    [{ sources: { mass: 0.5 } }, '"sources.mass" must be absent in official mode, got 0.5'],
    [{ every: 2 }, '"every" must be absent in official mode, got 2'],
    [{ features: "static" }, '"features" must be absent in official mode, got "static"'],
    [{ swaps: false }, '"swaps" must be absent in official mode, got false'],
    [{ sources: { small: { counts: [] } } }, '"counts" must have at least 1 entry, got 0'],
    [
      { mode: "default", features: "remembered", seed: 1, memory: { dimension: 0 } },
      '"dimension" must be at least 1, got 0',
    ],
  ];

  it.each(kinds)("refuses %o by name", (wrong, message) => {
    expect(() => Reflect.apply(createSelector, undefined, [{ ...official, ...wrong }])).toThrow(
      `createSelector: ${message}`,
    );
  });

  it("keeps what was refused inside as the cause", async () => {
    const selector = createSelector({ ...official, keep: 9 });
    const error: unknown = await selector
      .select(selector.init(), { gradients: sixteenths(4, 3, 1) })
      .catch((e) => e);
    expect(error).toEqual(new RangeError('select: "keep" must be an integer in [1, 3], got 9'));
    expect(error).toHaveProperty(
      "cause.message",
      'normalizedFeatures: "keep" must be an integer in [1, 3], got 9',
    );
  });

  it.each(options)("%s", (_, wrong, error) => {
    expect(() => Reflect.apply(createSelector, undefined, [wrong])).toThrow(error);
  });
});
