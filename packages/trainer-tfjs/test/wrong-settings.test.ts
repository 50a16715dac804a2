import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { parseSettings, train } from "../src/index.ts";
import { tinyLora, tinyModel } from "./tiny.ts";
import { tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

/** The message of a run whose settings come from somewhere without types. */
function refusal(options: object, make = tinyModel): string {
  const model = make();
  try {
    train({ ...tinyRun, model, ...options });
    return "";
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : "";
  } finally {
    model.dispose();
  }
}

describe("settings of the selection", () => {
  const wrong: [string, unknown, string][] = [
    ["mode", "offical", '"official" or "default", got "offical"'],
    ["mode", 5, '"official" or "default", got 5'],
    ["features", "foo", '"static", "remembered", "last-block", "last-value" or "spsa", got "foo"'],
    ["every", 0, "an integer of at least 1, got 0"],
    ["reuse", "no", 'a boolean, got "no"'],
    ["overflow", "cut", '"truncate", "random" or "proportional", got "cut"'],
    ["mass", "some", 'a share in [0, 1] or "all", got "some"'],
    ["boundary", { rul: "median" }, 'an object with "rule", "value" alone, got an object of kind Object'],
    ["quotas", "foo", 'an object with "strategy", "rounding" alone, or false, got "foo"'],
    ["adam", 5, 'an object with "beta1", "beta2", "epsilon" alone, or false, got 5'],
    [
      "adam",
      { beta: 1 },
      'an object with "beta1", "beta2", "epsilon" alone, or false, got an object of kind Object',
    ],
    ["keep", "2", 'an integer of at least 1, got "2"'],
    ["metric", "L1", '"l1", "l2", "cosine" or "dot", got "L1"'],
    ["weighting", "cluster ", '"uniform", "cluster" or "matching", got "cluster "'],
    ["target", "up", '"up-weighted" or "plain", got "up"'],
    ["swaps", 1, "a boolean, got 1"],
    ["epsilon", 0, "a finite number above 0, got 0"],
    ["directions", 1.5, "an integer of at least 1, got 1.5"],
    ["fresh", "yes", 'a boolean, got "yes"'],
    ["static", 256, 'an object with "dimension", "part" alone, got 256'],
    ["vectors", [1], "a matrix, got an array of 1"],
    ["memory", 5, 'an object with "dimension", "capacity" alone, got 5'],
    ["remember", "spsa", '"last-value" or "last-block", got "spsa"'],
    ["kernels", "gpu", 'an object, got "gpu"'],
    ["checkFeatures", 0, "an integer of at least 1, got 0"],
    ["microBatchSize", null, "an integer of at least 1, got null"],
  ];

  it("are refused by name, whether the method reads them or not", () => {
    for (const [name, value, demand] of wrong) {
      for (const method of ["colm", "random"]) {
        const message = `RangeError: train: "selection.${name}" must be ${demand}`;
        expect(refusal({ method, selection: { [name]: value } }, tinyLora)).toBe(message);
      }
    }
    const { selection } = parseSettings({ selection: { mode: "offical" } });
    expect(refusal({ selection })).toContain('"selection.mode" must be "official" or "default"');
  });

  it("have names", () => {
    expect(refusal({ selection: { featurs: "spsa" } })).toMatch(
      /^RangeError: train: "selection" must hold settings alone \(method, mode, .*\), got "featurs"$/,
    );
    expect(refusal({ selection: 5 })).toBe('TypeError: train: "selection" must be an object, got 5');
  });
});

describe("settings of the wrong kind", () => {
  const wrong: [object, string][] = [
    [{ loraRank: 0 }, 'RangeError: train: "loraRank" must be an integer of at least 1, got 0'],
    [{ loraRank: "8" }, 'TypeError: train: "loraRank" must be an integer of at least 1, got "8"'],
    [
      { loraRank: 2, loraAlpha: "8" },
      'TypeError: train: "loraAlpha" must be a finite number above 0, got "8"',
    ],
    [
      { loraRank: 2, loraDropout: "0" },
      'TypeError: train: "loraDropout" must be a number in [0, 1), got "0"',
    ],
    [{ loraRank: 2, useRslora: "no" }, 'TypeError: train: "useRslora" must be true or false, got "no"'],
    [
      { loraRank: 2, loraTargetModules: "v_proj" },
      'TypeError: train: "loraTargetModules" must be a list of texts, got "v_proj"',
    ],
    [{ evalOnStart: "no" }, 'TypeError: train: "evalOnStart" must be true or false, got "no"'],
    [
      { gradientCheckpointing: "yes" },
      'TypeError: train: "gradientCheckpointing" must be true or false, got "yes"',
    ],
    [
      { loadBestModelAtEnd: "false", evalDataset: tinyRun.trainDataset },
      'TypeError: train: "loadBestModelAtEnd" must be true or false, got "false"',
    ],
    [{ outputDir: 5 }, 'TypeError: train: "outputDir" must be a text, got 5'],
    [{ smallSources: "rare" }, 'TypeError: train: "smallSources" must be a list of texts, got "rare"'],
    [{ clusterSources: 5 }, "TypeError: train: "],
    [{ parameterGroups: ["lora_B"] }, "TypeError: train: "],
    [
      { evalDataset: 5 },
      'TypeError: train: "evalDataset" must be an array of examples, or a list with length and get, got 5',
    ],
    [
      { trainDataset: { length: 3 } },
      'TypeError: train: "trainDataset" must be an array of examples, or a list with length and get, got an object of kind Object',
    ],
    [{ signal: 5 }, 'TypeError: train: "signal" must be an AbortSignal, got 5'],
  ];

  it("are refused at once, by name", () => {
    for (const [options, message] of wrong) expect(refusal(options)).toContain(message);
  });

  it("are refused before the first update where they are texts", async () => {
    const model = tinyLora();
    await expect(train({ ...tinyRun, model, maxMinutes: " " }).result).rejects.toThrow(
      'train: "maxMinutes" must be a number of minutes or a text such as "90 s", got " "',
    );
    model.dispose();
  });
});
