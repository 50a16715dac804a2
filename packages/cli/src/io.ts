import type { Output } from "./progress.ts";

/** The outside world of a command. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted at the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Whether unexpected errors show where they come from. */
  readonly debug: boolean;
  /** What the report's environment table shows. */
  readonly environment: Readonly<Record<string, string | number>>;
}

/** A command: what the help shows, and what it does. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole text of `colm NAME --help`. */
  readonly help: string;
  /** Does the work and returns the exit code. */
  run(argv: readonly string[], io: Io): Promise<number>;
}
