import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { chooseShape } from "../memory/choose-shape.ts";
import { microBatchChoices } from "../memory/fit-shape.ts";
import { attempted, checked, type Row, told } from "./row.ts";

/** What is looked at of a model. */
export interface ModelSubject {
  readonly openModel: () => Promise<CausalLM>;
  /** Tokens of an example. */
  readonly length: number;
  /** Bytes that the process may have. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** A model: its size, and what batch of it fits. */
export async function modelRows(subject: ModelSubject): Promise<Row[]> {
  const model = await subject.openModel();
  const parameters = model.allParameters().reduce((sum, { value }) => sum + value.size, 0);
  const { config } = model;
  model.dispose();
  const shape = `${config.numHiddenLayers} blocks of ${config.hiddenSize}, vocabulary ${config.vocabSize}`;
  return [
    told(
      "model",
      "parameters",
      `${(parameters / 1e6).toFixed(2)} million, ${((parameters * 4) / 1e6).toFixed(1)} MB in float32; ${shape}`,
    ),
    await attempted("model", "what fits", () => fitRow(subject, config.vocabSize)),
  ];
}

/** The largest micro-batch of colm, 64 of 128, with LoRA of rank 16, that fits. */
async function fitRow({ openModel, length, limit, signal }: ModelSubject, vocabulary: number): Promise<Row> {
  const inputIds = Int32Array.from({ length }, (_, t) => t % vocabulary);
  const example: Example = { inputIds, labels: inputIds, source: "doctor", truncated: 0 };
  const settings = { method: "colm", loraRank: 16 } as const;
  const choices = { pools: [128], microBatches: microBatchChoices(64), checkpointing: [false, true] };
  const { shape, bytes } = await chooseShape(
    { openModel, examples: [example], settings, signal },
    choices,
    limit,
  );
  const how = shape.checkpointing ? "with checkpointing" : "without checkpointing";
  return checked(
    "model",
    "what fits",
    true,
    `micro-batches of ${shape.microBatch} × ${length} tokens ${how}: about ${(bytes / 1e6).toFixed(0)} of ${(limit / 1e6).toFixed(0)} MB (colm 64 of 128, LoRA 16)`,
  );
}
