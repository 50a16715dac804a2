import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { matrix } from "@colm/array";
import { createSelector } from "@colm/coreset";
import { afterAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.ts";
import { d, n, numbers, selectFiles, values } from "./select-files.ts";

const folder = selectFiles();
const at = (name: string): string => join(folder, name);

afterAll(() => rmSync(folder, { recursive: true }));

const select = (features: string, ...more: string[]): Promise<Awaited<ReturnType<typeof runMain>>> =>
  runMain(["select", "--features", at(features), ...more]);
const small = ["--sources", at("sources.json"), "--small-sources", "rare", "--budget", "6"];

async function expected(options: object): Promise<{ indices: number[]; weights: number[] }> {
  const selector = createSelector({ mode: "default", budget: 6, ...options });
  const features = matrix(values, n, d);
  const { indices, weights } = await selector.select(selector.init(), {
    features,
    gradients: features,
    sources: numbers,
  });
  return { indices: Array.from(indices), weights: Array.from(weights) };
}

const rare = { sources: { small: [false, false, true] } };

describe("colm select", () => {
  it("writes what the selector chooses, from .npy in either order and .safetensors", async () => {
    const wanted = await expected(rare);
    expect(wanted.indices.slice(0, 2)).toEqual([9, 10]);
    for (const name of ["c.npy", "fortran.npy", "double.npy", "pool.safetensors"]) {
      const { code, stdout, stderr } = await select(name, ...small);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      const { selected, ...choice } = JSON.parse(stdout);
      expect(choice).toEqual({ ...wanted, kept: 2 });
      expect(selected.rare).toBe(2);
      expect(selected.common + selected.other).toBe(4);
    }
  });

  it("reads sources as numbers from .json, .npy and the .safetensors file", async () => {
    const { stdout } = await select("c.npy", ...small);
    const { indices } = JSON.parse(stdout);
    const named = ["--small-sources", "2", "--budget", "6"];
    const results = [
      await select("c.npy", "--sources", at("numbers.json"), ...named),
      await select("c.npy", "--sources", at("sources.npy"), ...named),
      await select("pool.safetensors", "--sources-tensor", "sources", ...named),
    ];
    for (const result of results) {
      expect(result.stderr).toBe("");
      expect(JSON.parse(result.stdout).indices).toEqual(indices);
    }
  });

  it("passes on method, metric, weighting and seed", async () => {
    const cases = [
      [["--method", "official", "--weighting", "cluster"], { mode: "official", weighting: "cluster" }],
      [["--method", "official", "--metric", "l2"], { mode: "official", metric: "l2" }],
      [
        ["--method", "facility-location", "--metric", "cosine"],
        { method: "facility-location", metric: "cosine" },
      ],
      [["--method", "grad-match"], { method: "grad-match" }],
      [["--method", "kmeans-centres", "--seed", "5"], { method: "kmeans-centres", seed: 5 }],
      [["--method", "gram-schmidt-walk"], { method: "gram-schmidt-walk", seed: 42 }],
      [["--method", "keep-random", "--seed", "3"], { method: "keep-random", seed: 3 }],
    ] as const;
    for (const [argv, options] of cases) {
      const { stdout, stderr } = await select("c.npy", ...small, ...argv);
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toMatchObject(await expected({ ...options, ...rare }));
    }
  });

  it("needs no sources", async () => {
    const { stdout } = await select("c.npy", "--budget", "6");
    expect(JSON.parse(stdout)).toEqual({ ...(await expected({})), kept: 0 });
  });

  it("writes a file whole", async () => {
    const { code, stdout } = await select("c.npy", ...small, "--output", at("new/chosen.json"));
    expect([code, stdout]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(at("new/chosen.json"), "utf8")).indices).toHaveLength(6);
    expect(readdirSync(at("new"))).toEqual(["chosen.json"]);
  });

  it("describes the frames and every method in its help", async () => {
    const { stdout } = await runMain(["select", "--help"]);
    for (const word of ["grad-match", "uint32", "--sources-tensor", "--frames"])
      expect(stdout).toContain(word);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
