import type { TrainOptions } from "@colm/trainer-tfjs";

/** A way to choose what is trained on, under its name in the figures. */
export type Contender = Pick<TrainOptions, "pool" | "budget" | "method" | "selection">;

const half = { pool: 128, budget: 64 } as const;

/** What is compared: `default` on static features, which need no pass, and on exact gradients of the last block, from a pass that training reuses. */
export const CONTENDERS = {
  random64: { ...half, method: "random" },
  random128: { pool: 128, budget: 128, method: "random" },
  keep_random: { ...half, method: "keep-random" },
  official: { ...half, method: "colm", selection: { mode: "official" } },
  default: { ...half, method: "colm", selection: { mode: "default", features: "static" } },
  default_last_block: {
    ...half,
    method: "colm",
    selection: { mode: "default", features: "last-block", reuse: true },
  },
} as const satisfies Record<string, Contender>;

export type ContenderName = keyof typeof CONTENDERS;

/** A value for each of them. */
export function forEachContender<Value>(make: (name: ContenderName) => Value): Record<ContenderName, Value> {
  return {
    random64: make("random64"),
    random128: make("random128"),
    keep_random: make("keep_random"),
    official: make("official"),
    default: make("default"),
    default_last_block: make("default_last_block"),
  };
}

export function contenderNames(): ContenderName[] {
  return Object.values(forEachContender((name) => name));
}
