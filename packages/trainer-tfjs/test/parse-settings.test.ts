import { describe, expect, it } from "vitest";
import { parseSettings } from "../src/index.ts";

describe("parseSettings", () => {
  it("reads Hugging Face's spelling and this library's, at every depth", () => {
    const settings = {
      learning_rate: 1e-4,
      lr_scheduler_type: "cosine",
      adam_beta1: 0.8,
      use_rslora: true,
      maxSteps: 10,
      lora_target_modules: ["q_proj", "v_proj"],
      selection: { micro_batch_size: 4, mode: "default", adam: { beta1: 0.5 } },
      parameter_groups: [{ match: "lora_B", learning_rate_factor: 2 }],
      warmup_steps: null,
      resume_from_checkpoint: true,
    };
    const before = structuredClone(settings);
    expect(parseSettings(settings)).toEqual({
      learningRate: 1e-4,
      lrSchedulerType: "cosine",
      adamBeta1: 0.8,
      useRslora: true,
      maxSteps: 10,
      loraTargetModules: ["q_proj", "v_proj"],
      selection: { microBatchSize: 4, mode: "default", adam: { beta1: 0.5 } },
      parameterGroups: [{ match: "lora_B", learningRateFactor: 2 }],
      resumeFromCheckpoint: true,
    });
    expect(settings).toEqual(before);
  });

  it("refuses what is no setting, of the wrong kind, or given twice", () => {
    const refused = (value: unknown, message: string): void => {
      expect(() => parseSettings(value)).toThrow(message);
    };
    refused({ learning_rat: 1 }, 'parseSettings: "value" must hold settings alone, got "learningRat"');
    refused({ learning_rate: "1e-4" }, 'parseSettings: "value.learningRate" must be a number, got "1e-4"');
    refused({ use_rslora: 1 }, 'parseSettings: "value.useRslora" must be true or false, got 1');
    refused({ small_sources: "a" }, 'parseSettings: "value.smallSources" must be a list of texts, got "a"');
    refused({ selection: [] }, 'parseSettings: "value.selection" must be an object, got an array of 0');
    refused({ maxSteps: 1, max_steps: 2 }, 'parseSettings: "value.maxSteps" must be given once');
    refused([], 'parseSettings: "value" must be an object, got an array of 0');
  });
});
