import { describe } from "@colm/array";
import type { SelectionSettings } from "./selection-settings.ts";

/** What a setting must be, and whether a value is that. */
type Demand = readonly [condition: string, holds: (value: unknown) => boolean];

const oneOf = (...words: string[]): Demand => [
  words
    .map((word) => JSON.stringify(word))
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1"),
  (value) => words.some((word) => word === value),
];
const flag: Demand = ["a boolean", (value) => typeof value === "boolean"];
const above = (least: number): Demand => [
  `an integer of at least ${least}`,
  (value) => Number.isSafeInteger(value) && Number(value) >= least,
];
const positive: Demand = [
  "a finite number above 0",
  (value) => typeof value === "number" && value > 0 && value < Infinity,
];
const any = (condition: string, ...demands: Demand[]): Demand => [
  condition,
  (value) => demands.some(([, holds]) => holds(value)),
];
const no: Demand = ["false", (value) => value === false];
const fields = (...names: string[]): Demand => [
  `an object with ${names.map((name) => `"${name}"`).join(", ")} alone`,
  (value) => isPlain(value) && Object.keys(value).every((name) => names.includes(name)),
];
const quotas = fields("strategy", "rounding");
const adam = fields("beta1", "beta2", "epsilon");

/** Every setting of a selection; `satisfies` keeps the list whole. Those that are left out are checked where they are resolved. */
const DEMANDS = {
  method: undefined,
  mode: oneOf("official", "default"),
  features: oneOf("static", "remembered", "last-block", "last-value", "spsa"),
  every: above(1),
  reuse: flag,
  overflow: oneOf("truncate", "random", "proportional"),
  mass: [
    'a share in [0, 1] or "all"',
    (value) => value === "all" || (typeof value === "number" && value >= 0 && value <= 1),
  ],
  boundary: fields("rule", "value"),
  quotas: any(`${quotas[0]}, or false`, quotas, no),
  adam: any(`${adam[0]}, or false`, adam, no),
  keep: above(1),
  metric: oneOf("l1", "l2", "cosine", "dot"),
  weighting: oneOf("uniform", "cluster", "matching"),
  target: oneOf("up-weighted", "plain"),
  swaps: flag,
  epsilon: positive,
  directions: above(1),
  fresh: flag,
  static: fields("dimension", "part"),
  vectors: ["a matrix", (value) => isPlain(value) && Array.isArray(value.shape)],
  memory: fields("dimension", "capacity"),
  remember: oneOf("last-value", "last-block"),
  sketch: undefined,
  kernels: ["an object", isPlain],
  checkFeatures: above(1),
  microBatchSize: above(1),
} satisfies Record<keyof SelectionSettings, Demand | undefined>;

const demands: ReadonlyMap<string, Demand | undefined> = new Map(Object.entries(DEMANDS));

/**
 * Checks the settings of a selection, those too that the method at hand does not read.
 *
 * @throws {TypeError} If the settings are no object.
 * @throws {RangeError} At the first name that is no setting, and the first value that its setting cannot have.
 */
export function requireSelection(selection: unknown): void {
  if (!isPlain(selection)) {
    throw new TypeError(`train: "selection" must be an object, got ${describe(selection)}`);
  }
  for (const [name, value] of Object.entries(selection)) {
    if (!demands.has(name)) {
      const names = [...demands.keys()].join(", ");
      throw new RangeError(`train: "selection" must hold settings alone (${names}), got ${describe(name)}`);
    }
    const [condition, holds] = demands.get(name) ?? [];
    if (value === undefined || holds === undefined || holds(value)) continue;
    throw new RangeError(`train: "selection.${name}" must be ${condition}, got ${describe(value)}`);
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
