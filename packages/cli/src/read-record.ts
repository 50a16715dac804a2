import { readFile } from "node:fs/promises";
import type { RunRecord } from "@colm/report";
import { inputError } from "./input-error.ts";

/** The record of a run up to a step, from the `run.json` that this program wrote; undefined where there is none. */
export async function readRecord(path: string, upTo: number): Promise<RunRecord | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const record = parse(text);
  if (!isRecord(record))
    throw inputError(`--resume must be the folder of a run, got no run record in ${path}`);
  return {
    ...record,
    steps: record.steps.filter(({ step }) => step <= upTo),
    evaluations: record.evaluations.filter(({ step }) => step <= upTo),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is RunRecord {
  if (typeof value !== "object" || value === null) return false;
  if (!("format" in value && value.format === 1 && "steps" in value && "evaluations" in value)) return false;
  return Array.isArray(value.steps) && Array.isArray(value.evaluations);
}
