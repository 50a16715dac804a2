import { parseArgs } from "node:util";

/** What `pnpm start` was asked for. */
export interface StartOptions {
  readonly quick: boolean;
  readonly help: boolean;
  readonly steps: number;
  readonly seed: number;
  readonly learningRate: number;
  readonly name: string;
}

const STEPS = 100;
const QUICK_STEPS = 8;
const LEARNING_RATE = 0.005;

/** The text of `pnpm start --help`. */
export const HELP: string = `start: fine-tune the built-in model on the built-in data mixture, with coresets and with three controls

  pnpm start [options]

  --quick            ${QUICK_STEPS} steps, within a minute: shows that it works, not what it is worth
  --steps N          updates of each run (default ${STEPS})
  --seed N           seed of data, order, perturbation and adapter (default 1)
  --learning-rate X  peak learning rate (default ${LEARNING_RATE})
  --name NAME        folder under runs/ (default start)
`;

/** Reads the arguments; an argument that cannot be is an error of one line. */
export function parseStart(argv: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      steps: { type: "string" },
      seed: { type: "string", default: "1" },
      "learning-rate": { type: "string", default: String(LEARNING_RATE) },
      name: { type: "string", default: "start" },
    },
  });
  const { quick, help, steps = String(quick ? QUICK_STEPS : STEPS), seed, name } = values;
  if (!/^[\w.-]+$/.test(name) || name.startsWith(".")) {
    throw new RangeError(`start: --name must be letters, digits, ".", "_" and "-", got "${name}"`);
  }
  return {
    quick,
    help,
    name,
    steps: natural("--steps", steps, 1),
    seed: natural("--seed", seed, 0),
    learningRate: positive("--learning-rate", values["learning-rate"]),
  };
}

function natural(option: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`start: ${option} must be an integer of at least ${least}, got "${text}"`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`start: ${option} must be a number above 0, got "${text}"`);
}
