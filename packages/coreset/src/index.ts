export { createSelector } from "./create-selector.ts";
export type { Needs } from "./method.ts";
export type { KeepRandomOptions } from "./methods/keep-random.ts";
export type { OfficialOptions } from "./methods/official.ts";
export type { RandomOptions } from "./methods/random.ts";
export type { Pool } from "./pool.ts";
export type { Diagnostics, SelectionResult, Selector, SelectorOptions, SelectorState } from "./selector.ts";
export type { KeptOptions, SmallByCounts } from "./small-sources-option.ts";
