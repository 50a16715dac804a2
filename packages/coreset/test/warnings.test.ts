import { matrix } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import { createSelector } from "../src/index.ts";

describe("warnings of official mode", () => {
  it("warns of few distinct features only where they decide, and no more with several directions", async () => {
    const values = [0.5, -1, 2, 3, -0.25, 4];
    const warningsOf = async (budget: number, q: number) => {
      const selector = createSelector({ mode: "official", budget });
      const drawn = Float32Array.from({ length: 6 * q }, (_, at) => values[at % 6] + Math.floor(at / 6) / 4);
      const gradients = directionalGradients(matrix(drawn, 6, q), { dimension: 64, seed: 4 });
      return (await selector.select(selector.init(), { gradients })).diagnostics.warnings;
    };
    expect(await warningsOf(2, 1)).toEqual([]);
    expect(await warningsOf(3, 1)).toEqual(["few-distinct-features"]);
    // every example is taken: there is nothing to choose
    expect(await warningsOf(6, 1)).toEqual([]);
    expect(await warningsOf(4, 3)).toEqual([]);
  });
});
