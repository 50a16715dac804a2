import {
  type JsonObject,
  requireList,
  requireNumber,
  requireObject,
  requireShown,
  requireText,
} from "./require-json.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * Requires run records whose every number is finite and in range, with distinct names.
 *
 * @throws {TypeError | RangeError} Naming the field: `renderReport: "runs[0].steps[3].loss" must be a number of at least 0, got NaN`.
 */
export function requireRuns(caller: string, runs: unknown): asserts runs is readonly RunRecord[] {
  const list = requireList(caller, "runs", runs);
  if (list.length === 0) throw new RangeError(`${caller}: "runs" must hold at least one run, got none`);
  const names = new Set<string>();
  for (const [i, run] of list.entries()) {
    requireRun(caller, `runs[${i}]`, run);
    const { name } = run;
    if (names.has(name))
      throw new RangeError(`${caller}: "runs" must have distinct names, got "${name}" twice`);
    names.add(name);
  }
}

/**
 * A parsed JSON value as a run record.
 *
 * @param value - What a file holds.
 * @returns The value itself.
 * @throws {TypeError | RangeError} Naming the first field that is missing, of the wrong kind or out of range.
 * @example
 * let message = "";
 * try {
 *   parseRunRecord({ format: 2 });
 * } catch (error) {
 *   message = String(error);
 * }
 * message; // => "RangeError: parseRunRecord: \"run.format\" must be 1, the only format there is, got 2"
 */
export function parseRunRecord(value: unknown): RunRecord {
  requireRun("parseRunRecord", "run", value);
  return value;
}

function requireRun(caller: string, path: string, value: unknown): asserts value is RunRecord {
  const run = requireObject(caller, path, value);
  if (run.format !== 1) {
    throw new RangeError(
      `${caller}: "${path}.format" must be 1, the only format there is, got ${String(run.format)}`,
    );
  }
  requireText(caller, `${path}.name`, run.name);
  requireText(caller, `${path}.method`, run.method);
  const pool = requireNumber(caller, `${path}.pool`, run.pool, { min: 1, whole: true });
  requireNumber(caller, `${path}.budget`, run.budget, { min: 1, max: pool, whole: true });
  requireNumber(caller, `${path}.seed`, run.seed, { whole: true });
  requireNumber(caller, `${path}.peakBytes`, run.peakBytes, { whole: true, nullable: true });
  requireNumbers(caller, `${path}.memory`, run.memory, true);
  if (run.everyWeightBytes !== undefined) {
    requireNumber(caller, `${path}.everyWeightBytes`, run.everyWeightBytes, { whole: true });
  }
  if (run.processBytes !== undefined) {
    const held = requireObject(caller, `${path}.processBytes`, run.processBytes);
    for (const key of ["heap", "resident"]) {
      requireNumber(caller, `${path}.processBytes.${key}`, held[key], { whole: true });
    }
  }
  for (const key of ["settings", "environment"]) requireShown(caller, `${path}.${key}`, run[key]);
  const sources = requireSources(caller, `${path}.sources`, run.sources);
  const steps = requireSteps(caller, `${path}.steps`, run.steps, sources);
  requireEvaluations(caller, `${path}.evaluations`, run.evaluations, sources, steps);
}

function requireSources(caller: string, path: string, value: unknown): Set<string> {
  const names = new Set<string>();
  for (const [i, entry] of requireList(caller, path, value).entries()) {
    const source = requireObject(caller, `${path}[${i}]`, entry);
    const name = requireText(caller, `${path}[${i}].name`, source.name);
    if (names.has(name)) throw new RangeError(`${caller}: "${path}" must be distinct, got "${name}" twice`);
    names.add(name);
    requireNumber(caller, `${path}[${i}].examples`, source.examples, { whole: true });
    if (typeof source.small !== "boolean") {
      throw new TypeError(
        `${caller}: "${path}[${i}].small" must be true or false, got ${String(source.small)}`,
      );
    }
  }
  return names;
}

function requireSteps(
  caller: string,
  path: string,
  value: unknown,
  sources: ReadonlySet<string>,
): Set<number> {
  const seen = new Set([0]);
  let previous = 0;
  for (const [i, entry] of requireList(caller, path, value).entries()) {
    const at = `${path}[${i}]`;
    const step = requireObject(caller, at, entry);
    previous = requireNumber(caller, `${at}.step`, step.step, { min: previous + 1, whole: true });
    seen.add(previous);
    requireNumber(caller, `${at}.loss`, step.loss);
    const seconds = requireNumber(caller, `${at}.seconds`, step.seconds);
    requireNumber(caller, `${at}.selectionSeconds`, step.selectionSeconds, { max: seconds });
    requireNumber(caller, `${at}.tokens`, step.tokens, { whole: true });
    requireNumber(caller, `${at}.learningRate`, step.learningRate);
    requireBySource(caller, `${at}.picked`, step.picked, sources, true);
    requireMeasured(caller, at, step, sources);
  }
  return seen;
}

/** What a step may have beside what it must have. */
function requireMeasured(caller: string, at: string, step: JsonObject, sources: ReadonlySet<string>): void {
  for (const key of ["stages", "ideal", "stageBytes", "matching"]) {
    requireNumbers(caller, `${at}.${key}`, step[key], key === "stageBytes");
  }
  if (step.matching !== undefined) {
    const { plain, upweighted } = requireObject(caller, `${at}.matching`, step.matching);
    requireNumber(caller, `${at}.matching.plain`, plain);
    requireNumber(caller, `${at}.matching.upweighted`, upweighted);
  }
  if (step.check !== undefined) {
    const check = requireObject(caller, `${at}.check`, step.check);
    for (const key of ["cosine", "spearman"]) {
      requireNumber(caller, `${at}.check.${key}`, check[key], { min: -1, max: 1, nullable: true });
    }
    requireNumber(caller, `${at}.check.overlap`, check.overlap, { max: 1 });
  }
  if (step.peakBytes !== undefined) requireNumber(caller, `${at}.peakBytes`, step.peakBytes, { whole: true });
  if (step.gradientNorm !== undefined) requireNumber(caller, `${at}.gradientNorm`, step.gradientNorm);
  if (step.examples === undefined) return;
  for (const [source, places] of Object.entries(requireObject(caller, `${at}.examples`, step.examples))) {
    requireSource(caller, `${at}.examples`, source, sources);
    for (const [i, place] of requireList(caller, `${at}.examples.${source}`, places).entries()) {
      requireNumber(caller, `${at}.examples[${JSON.stringify(source)}][${i}]`, place, { whole: true });
    }
  }
}

function requireEvaluations(
  caller: string,
  path: string,
  value: unknown,
  sources: ReadonlySet<string>,
  steps: ReadonlySet<number>,
): void {
  let previous = -1;
  for (const [i, entry] of requireList(caller, path, value).entries()) {
    const at = `${path}[${i}]`;
    const evaluation = requireObject(caller, at, entry);
    previous = requireNumber(caller, `${at}.step`, evaluation.step, { min: previous + 1, whole: true });
    if (!steps.has(previous)) {
      throw new RangeError(`${caller}: "${at}.step" must be 0 or a step of the run, got ${previous}`);
    }
    requireNumber(caller, `${at}.micro`, evaluation.micro);
    requireNumber(caller, `${at}.macro`, evaluation.macro);
    requireNumber(caller, `${at}.small`, evaluation.small, { nullable: true });
    requireNumber(caller, `${at}.exactMatch`, evaluation.exactMatch, { max: 1, nullable: true });
    requireBySource(caller, `${at}.perSource`, evaluation.perSource, sources, false);
    for (const key of ["seconds", "idealSeconds"]) {
      if (evaluation[key] !== undefined) requireNumber(caller, `${at}.${key}`, evaluation[key]);
    }
  }
}

function requireBySource(
  caller: string,
  path: string,
  value: unknown,
  sources: ReadonlySet<string>,
  whole: boolean,
): void {
  const entries = requireObject(caller, path, value);
  for (const [source, number] of Object.entries(entries)) {
    requireSource(caller, path, source, sources);
    requireNumber(caller, `${path}[${JSON.stringify(source)}]`, number, { whole });
  }
}

/** An object of numbers of at least 0, where there is one. */
function requireNumbers(caller: string, path: string, value: unknown, whole: boolean): void {
  if (value === undefined) return;
  for (const [name, number] of Object.entries(requireObject(caller, path, value))) {
    requireNumber(caller, `${path}.${name}`, number, { whole });
  }
}

function requireSource(caller: string, path: string, source: string, sources: ReadonlySet<string>): void {
  if (sources.has(source)) return;
  throw new RangeError(`${caller}: "${path}" must be by sources of the run, got "${source}"`);
}
