import { matrix, normal } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import { adamNormalize, directionScalars, normalizedFeatures } from "../src/index.ts";
import { openWorkspace } from "../src/simd/kernels.ts";

/** LoRA B of the last V projection of Phi-2 at rank 128; the pool and the width that go with it. */
const [D, N, H] = [327_680, 128, 2560];
const MB = 1e6;

const adam = adamNormalize();
const selected = Int32Array.from({ length: 64 }, (_, i) => 2 * i);
const groups = Int32Array.from({ length: N }, (_, i) => i % 4);

function estimates(q: number) {
  const coefficients = matrix(normal(new Float32Array(N * q), { seed: 3, stream: q }), N, q);
  return directionalGradients(coefficients, { dimension: D, seed: 1 });
}

/** Bytes of all typed arrays that `work` makes, whether they are still needed or not; views of what is there take none. */
function bytesMade(work: () => unknown): number {
  let bytes = 0;
  const kinds = [Float32Array, Float64Array, Int32Array, Uint32Array];
  const install = (kind: (typeof kinds)[number], value: unknown) => {
    const property = { value, configurable: true, writable: true };
    Object.defineProperty(globalThis, kind.name, property);
    // where slice, map and filter look for what to make
    Object.defineProperty(kind.prototype, "constructor", property);
  };
  for (const kind of kinds) {
    const watched = new Proxy(kind, {
      construct(target, parameters, newTarget) {
        const array = Reflect.construct(target, parameters, newTarget);
        if (!(parameters[0] instanceof ArrayBuffer)) bytes += array.byteLength;
        return array;
      },
    });
    install(kind, watched);
  }
  try {
    work();
  } finally {
    for (const kind of kinds) install(kind, kind);
  }
  return bytes;
}

describe("memory at d = 327,680, n = 128, h = 2,560", () => {
  it("the counter counts", () => {
    expect(bytesMade(() => new Float32Array(10).slice(2))).toBe(40 + 32);
  });

  it("at most 64 kB on one fixed direction, the whole step", () => {
    const g = estimates(1);
    const state = adam.advance(adam.init(D), g, selected);
    const bytes = bytesMade(() => {
      directionScalars(state, g, { normalizer: adam });
      return adam.advance(state, g, selected);
    });
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(64_000);
  });

  it("at most 8 MB from sixteen directions, the result and the WebAssembly memory included", () => {
    const g = estimates(16);
    const state = adam.advance(adam.init(D), g, selected);
    const made = bytesMade(() => normalizedFeatures(state, g, { keep: H, groups, normalizer: adam }));
    // memories of this package and of the draws
    const bytes = made + (openWorkspace(0)?.buffer.byteLength ?? 0) + 65536;
    expect(bytes).toBeGreaterThan(4 * N * H);
    expect(bytes).toBeLessThan(8 * MB);
  });

  it("little more than the next history when it advances", () => {
    const g = estimates(4);
    const state = adam.advance(adam.init(D), g, selected);
    expect(bytesMade(() => adam.advance(state, g, selected))).toBeLessThan(8 * D + 0.5 * MB);
  });
});
