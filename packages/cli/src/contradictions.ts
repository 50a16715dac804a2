import { inputError } from "./input-error.ts";
import type { Options } from "./option-table.ts";

/** Options that would be passed over in silence, and why where they would. */
interface Rule {
  readonly names: readonly string[];
  /** What follows `--name must`; undefined where it may be given. */
  readonly refusal: (given: Given) => string | undefined;
}

/** What of the options a rule looks at. */
interface Given {
  /** Whether an option was given. */
  has(name: string): boolean;
  /** Its text, or what is taken where it was not given. */
  text(name: string, otherwise: string): string;
}

const comparing = ["mode", "features", "metric", "weighting", "target", "quotas", "adam", "keep", "no-swaps"];
const estimating = ["remember", "sketch", "kernels", "directions", "fresh", "epsilon"];
const adapting = ["lora-rank", "lora-alpha", "lora-dropout", "lora-target-modules", "use-rslora"];

/** In the order in which they are looked at; the first that is broken is told. */
const rules: readonly Rule[] = [
  {
    names: [...comparing, ...estimating],
    refusal: ({ text }) => {
      const method = text("method", "colm");
      return method === "random" || method === "keep-random"
        ? `not be given with --method ${method}, which compares nothing`
        : undefined;
    },
  },
  {
    names: ["boundary"],
    refusal: ({ has }) =>
      has("small-sources") ? "not be given with --small-sources, which names them" : undefined,
  },
  {
    names: adapting,
    refusal: ({ has }) => (has("adapter") ? "not be given with --adapter, which has its own" : undefined),
  },
  {
    names: ["num-train-epochs"],
    refusal: ({ has }) => (has("max-steps") ? "not be given with --max-steps: give one of them" : undefined),
  },
  {
    names: ["warmup-ratio"],
    refusal: ({ has }) =>
      has("warmup-steps") ? "not be given with --warmup-steps: give one of them" : undefined,
  },
  {
    names: ["momentum"],
    refusal: ({ text }) => {
      const optimizer = text("optim", "adamw");
      return optimizer === "sgd" ? undefined : `go with --optim sgd, got ${optimizer}`;
    },
  },
  {
    names: ["adam-beta1", "adam-beta2", "adam-epsilon"],
    refusal: ({ text }) => (text("optim", "adamw") === "sgd" ? "not be given with --optim sgd" : undefined),
  },
  {
    names: ["eval-steps", "metric-for-best-model"],
    refusal: ({ has }) => (has("validation") ? undefined : "go with --validation"),
  },
  {
    names: ["logging-dir"],
    refusal: ({ text }) =>
      text("report-to", "none") === "none" ? "go with --report-to tensorboard" : undefined,
  },
];

/**
 * Refuses an option that would change nothing beside the others.
 *
 * @param options - What was given, on the command line and in the file of settings.
 * @throws {Error} At the first such option, with what it contradicts. One line, for the user.
 */
export function requireAgreement(options: Options): void {
  const given: Given = {
    has: (name) => options.flag(name) || options.text(name) !== undefined,
    text: (name, otherwise) => options.text(name) ?? otherwise,
  };
  for (const { names, refusal } of rules) {
    const name = names.find(given.has);
    const text = name === undefined ? undefined : refusal(given);
    if (text !== undefined) throw inputError(`--${name} must ${text}`);
  }
}
