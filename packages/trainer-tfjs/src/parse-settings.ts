import { describe } from "@colm/array";
import type { TrainSettings } from "./train-options.ts";

/** What JSON may hold for a setting. */
type Kind = "number" | "text" | "flag" | "texts" | "object" | "objects" | "number or text" | "text or true";

/** Every setting; `satisfies` keeps the list whole. */
const KINDS = {
  train: "text",
  method: "text",
  smallSources: "texts",
  selection: "object",
  clusterSources: "object",
  maxMemory: "number or text",
  workers: "number",
  seed: "number",
  loraRank: "number",
  loraAlpha: "number",
  loraDropout: "number",
  useRslora: "flag",
  loraTargetModules: "texts",
  pool: "number",
  budget: "number",
  perDeviceTrainBatchSize: "number",
  gradientAccumulationSteps: "number",
  lossNormalization: "text",
  gradientCheckpointing: "flag",
  maxGradNorm: "number",
  maxSteps: "number",
  numTrainEpochs: "number",
  maxMinutes: "number or text",
  earlyStoppingPatience: "number",
  earlyStoppingThreshold: "number",
  metricForBestModel: "text",
  loadBestModelAtEnd: "flag",
  evalSteps: "number",
  evalOnStart: "flag",
  perDeviceEvalBatchSize: "number",
  saveSteps: "number",
  saveTotalLimit: "number",
  outputDir: "text",
  resumeFromCheckpoint: "text or true",
  loggingSteps: "number",
  reportTo: "text",
  loggingDir: "text",
  optim: "text",
  weightDecay: "number",
  parameterGroups: "objects",
  adamBeta1: "number",
  adamBeta2: "number",
  adamEpsilon: "number",
  momentum: "number",
  learningRate: "number",
  lrSchedulerType: "text",
  warmupRatio: "number",
  warmupSteps: "number",
} satisfies Record<keyof TrainSettings, Kind>;

const kinds: ReadonlyMap<string, Kind> = new Map(Object.entries(KINDS));

/**
 * Settings of a run from parsed JSON, in camelCase or in Hugging Face's snake_case.
 *
 * @param value - An object such as `{ "learning_rate": 1e-4, "selection": { "micro_batch_size": 8 } }`; null stands for a setting that
 * is not given. Read, never modified.
 * @returns The settings for `train`, which checks their values.
 * @throws {TypeError} If a value is of the wrong kind.
 * @throws {RangeError} If a key is no setting, or one is given in both spellings.
 * @example
 * parseSettings({ learning_rate: 1e-4, maxSteps: 10 }); // => { learningRate: 0.0001, maxSteps: 10 }
 */
export function parseSettings(value: unknown): TrainSettings {
  if (!isPlain(value))
    throw new TypeError(`parseSettings: "value" must be an object, got ${describe(value)}`);
  const settings = camelKeys("value", value);
  requireSettings(settings);
  return settings;
}

function requireSettings(
  settings: Record<string, unknown>,
): asserts settings is Record<string, unknown> & TrainSettings {
  for (const [name, value] of Object.entries(settings)) {
    const kind = kinds.get(name);
    if (kind === undefined) {
      throw new RangeError(`parseSettings: "value" must hold settings alone, got ${describe(name)}`);
    }
    if (!isOf(kind, value)) refuse("parseSettings", `value.${name}`, kind, value);
  }
}

/** Throws at the first setting that is not of the kind that it has in JSON; names that are no settings are not looked at. */
export function requireKinds(caller: string, options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const kind = kinds.get(name);
    if (kind !== undefined && value !== undefined && !isOf(kind, value)) refuse(caller, name, kind, value);
  }
}

function refuse(caller: string, name: string, kind: Kind, value: unknown): never {
  throw new TypeError(`${caller}: "${name}" must be ${article(kind)}, got ${describe(value)}`);
}

function isOf(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case "number":
      return typeof value === "number";
    case "text":
      return typeof value === "string";
    case "flag":
      return typeof value === "boolean";
    case "number or text":
      return typeof value === "number" || typeof value === "string";
    case "text or true":
      return typeof value === "string" || value === true;
    case "texts":
      return Array.isArray(value) && value.every((entry) => typeof entry === "string");
    case "object":
      return isPlain(value);
    case "objects":
      return Array.isArray(value) && value.every(isPlain);
  }
}

function article(kind: Kind): string {
  const words = { flag: "true or false", text: "a text", number: "a number", texts: "a list of texts" };
  const more = { object: "an object", objects: "a list of objects" };
  return { ...words, ...more, "number or text": "a number or a text", "text or true": "a text or true" }[
    kind
  ];
}

/** The same with keys in camelCase at every depth, without those that are null. */
function camelKeys(where: string, value: Record<string, unknown>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const name = key.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (Object.hasOwn(out, name))
      throw new RangeError(`parseSettings: "${where}.${name}" must be given once`);
    if (entry !== null) out[name] = camelValue(`${where}.${name}`, entry);
  }
  return out;
}

function camelValue(where: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry, i) => camelValue(`${where}[${i}]`, entry));
  return isPlain(value) ? camelKeys(where, value) : value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
