import { addLora, type CausalLM, chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { SelectionSettings } from "../src/index.ts";
import { tinyLora, tinyModel } from "./tiny.ts";
import { steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

describe("coordinates kept in official mode", () => {
  it("are as many as the model is wide, unless told otherwise", async () => {
    const indicesOf = async (selection: SelectionSettings, model: CausalLM) => {
      const seen = await steps({ ...tinyRun, model, selection });
      model.dispose();
      return seen.map(({ selection: chosen }) => [...chosen.indices]);
    };
    for (const features of ["last-value", "last-block"] as const) {
      const byDefault = await indicesOf({ features }, tinyLora());
      // 16 hidden units; the last V projection's LoRA B has 8 x 2 entries, the factors of the last block 112
      expect(byDefault).toEqual(await indicesOf({ features, keep: 16 }, tinyLora()));
      if (features === "last-block") {
        expect(byDefault).not.toEqual(await indicesOf({ features, keep: 112 }, tinyLora()));
      }
    }
    const narrow = () => {
      const model = tinyModel();
      addLora(model, { rank: 1, alpha: 4, targets: ["v_proj"], seed: 1 });
      return model;
    };
    // 8 entries are all there are
    expect(await indicesOf({ features: "last-value" }, narrow())).toEqual(
      await indicesOf({ features: "last-value", keep: 8 }, narrow()),
    );
    // all coordinates of one fixed direction say the same
    expect(await indicesOf({}, tinyLora())).toEqual(await indicesOf({ keep: 1 }, tinyLora()));
  });
});
