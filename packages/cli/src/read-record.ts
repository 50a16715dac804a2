import { readFile } from "node:fs/promises";
import { parseRunRecord, type RunRecord } from "@colm/report";
import { inputError } from "./input-error.ts";
import { parseJson } from "./parse-json.ts";

/** The record of a run up to a step, from its `run.json`; undefined where there is none. */
export async function readRecord(path: string, upTo: number): Promise<RunRecord | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const record = parseRunRecord(parse(path, text));
  return {
    ...record,
    steps: record.steps.filter(({ step }) => step <= upTo),
    evaluations: record.evaluations.filter(({ step }) => step <= upTo),
  };
}

function parse(path: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw inputError(`--resume must be the folder of a run, got no JSON in ${path}`, cause);
  }
}
