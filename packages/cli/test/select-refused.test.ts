import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.ts";
import { selectFiles } from "./select-files.ts";

const folder = selectFiles();
const at = (name: string): string => join(folder, name);

afterAll(() => rmSync(folder, { recursive: true }));

describe("wrong input is one line and exit code 2, with nothing written", () => {
  const refused = (name: string, argv: string[], message: string): void =>
    it(name, async () => {
      const result = await runMain(["select", ...argv, "--output", at("refused.json")]);
      expect(result.stderr).toBe(`colm select: ${message.replaceAll("DIR", folder)}\n`);
      expect(result.code).toBe(2);
      expect(result.stdout).toBe("");
      expect(existsSync(at("refused.json"))).toBe(false);
    });
  const from = (features: string, ...more: string[]): string[] => [
    "--features",
    at(features),
    "--budget",
    "6",
    ...more,
  ];
  const sources = (name: string): string[] => from("c.npy", "--sources", at(name));

  refused("no features", ["--budget", "6"], "--features FILE must be given");
  refused("no budget", ["--features", at("c.npy")], "--budget N must be given");
  refused("no file", from("no.npy"), "--features must be a readable file, got ENOENT at DIR/no.npy");
  refused(
    "no safetensors",
    from("no.safetensors"),
    "--features must be a readable file, got ENOENT at DIR/no.safetensors",
  );
  refused("no sources", sources("no.json"), "--sources must be a readable file, got ENOENT at DIR/no.json");
  refused(
    "a text file",
    from("c.csv"),
    '--features must be a .safetensors, .npy, .parquet or .jsonl file, or -, got "DIR/c.csv"',
  );
  refused(
    "a text file of sources",
    sources("s.csv"),
    '--sources must be a .json or .npy file, got "DIR/s.csv"',
  );
  refused(
    "a .npy file cut off",
    from("cut.npy"),
    '"DIR/cut.npy" must have the 240 bytes that <f4 (12, 5) takes, got 237',
  );
  refused(
    "a .safetensors file cut off",
    from("cut.safetensors"),
    '"DIR/cut.safetensors" must contain its tensors, got bytes 520 to 568 in a file of 564 at "sources"',
  );
  refused(
    "a vector",
    from("line.npy"),
    '"DIR/line.npy" must hold features [n, d] with d of at least 1, got [60]',
  );
  refused(
    "integers",
    from("integers.npy"),
    '"DIR/integers.npy" must hold features of float32 or float64, got integers',
  );
  refused("NaN", from("nan.npy"), '"DIR/nan.npy" must hold finite numbers, got NaN at [1, 0]');
  refused("no rows", from("empty.npy"), "--budget must be at most the 0 rows of features, got 6");
  refused(
    "a tensor that is not there",
    from("pool.safetensors", "--tensor", "gradients"),
    '"DIR/pool.safetensors" must hold a tensor "gradients", got "features", "large", "sources"',
  );
  refused(
    "too few sources",
    sources("short.json"),
    '"DIR/short.json" must have 12 entries as the features have rows, got 2',
  );
  refused(
    "sources of two kinds",
    sources("mixed.json"),
    '"DIR/mixed.json" must be an array of natural numbers or of texts, got 3 at 11',
  );
  refused(
    "sources that are fractions",
    sources("halves.json"),
    '"DIR/halves.json" must be an array of natural numbers or of texts, got 0.5 at 0',
  );
  refused(
    "sources below 0",
    sources("negative.npy"),
    '"DIR/negative.npy" must be an array of natural numbers or of texts, got -1 at 0',
  );
  refused(
    "sources in an object",
    sources("object.json"),
    '"DIR/object.json" must be an array of natural numbers or of texts, got an object',
  );
  refused(
    "sources that are no JSON",
    sources("broken.json"),
    '"DIR/broken.json" must be JSON, got something else',
  );
  refused(
    "sources in two dimensions",
    sources("square.npy"),
    '"DIR/square.npy" must hold sources [n], got [3, 4]',
  );
  refused(
    "sources that float32 cannot tell apart",
    from("pool.safetensors", "--sources-tensor", "large"),
    '"DIR/pool.safetensors" must hold sources below 16777216, got 16777216 at 0: give larger ones as --sources',
  );
  refused(
    "a sources' tensor without tensors",
    from("c.npy", "--sources-tensor", "sources"),
    '--sources-tensor must go with a file that has names, got "DIR/c.npy"',
  );
  refused(
    "sources twice",
    from("pool.safetensors", "--sources-tensor", "sources", "--sources", at("sources.json")),
    "--sources and --sources-tensor must not both be given",
  );
  refused(
    "an unknown small source",
    [...sources("sources.json"), "--small-sources", "rare,tiny"],
    '--small-sources must name sources of the data (common, other, rare), got "tiny"',
  );
  refused(
    "small sources of nothing",
    from("c.npy", "--small-sources", "rare"),
    "--sources FILE must be given with --small-sources",
  );
  refused(
    "a budget above n",
    [...from("c.npy"), "--budget", "13"],
    "--budget must be at most the 12 rows of features, got 13",
  );
  refused(
    "a budget of 0",
    [...from("c.npy"), "--budget", "0"],
    "--budget must be an integer of at least 1, got 0",
  );
  refused(
    "half a budget",
    [...from("c.npy"), "--budget", "1.5"],
    "--budget must be an integer of at least 1, got 1.5",
  );
  refused("a seed below 0", from("c.npy", "--seed=-1"), "--seed must be an integer in [0, 2^53), got -1");
  refused(
    "an unknown metric",
    from("c.npy", "--metric", "l3"),
    '--metric must be one of l1, l2, cosine, dot, got "l3"',
  );
  refused(
    "an unknown method",
    from("c.npy", "--method", "best"),
    "--method must be one of default, official, herding, facility-location, gram-schmidt-walk, grad-match, craig, " +
      'kmeans-centres, grad-norm, keep-random, random, got "best"',
  );
  refused(
    "a metric where nothing is compared",
    from("c.npy", "--method", "random", "--metric", "l1"),
    "--metric must not be given with --method random, which compares nothing",
  );
  refused(
    "weights where nothing is compared",
    from("c.npy", "--method", "keep-random", "--weighting", "cluster", "--small-sources", "rare"),
    "--weighting must not be given with --method keep-random, which compares nothing",
  );
  refused(
    "small sources for random",
    from("c.npy", "--method", "random", "--small-sources", "rare"),
    "--small-sources must not be given with --method random: keep-random keeps them",
  );
  refused(
    "keep-random without small sources",
    from("c.npy", "--method", "keep-random"),
    "--small-sources A,B must be given with --method keep-random",
  );
  refused(
    "matching weights for official",
    from("c.npy", "--method", "official", "--weighting", "matching"),
    "--weighting must be uniform or cluster with --method official, got matching",
  );
  refused(
    "files beside frames",
    ["--frames", ...from("c.npy")],
    "--features must not be given with --frames",
  );

  it("an output without a name", async () => {
    const { code, stderr } = await runMain(["select", ...from("c.npy"), "--output", ""]);
    expect(stderr).toBe('colm select: --output must be the name of a file or folder, got ""\n');
    expect(code).toBe(2);
  });

  it("an output that cannot be written", async () => {
    const { code, stderr } = await runMain(["select", ...from("c.npy"), "--output", at("c.npy/chosen.json")]);
    expect(stderr).toMatch(/^colm select: .*(ENOTDIR|EEXIST).*\n$/);
    expect(code).toBe(2);
  });
});
