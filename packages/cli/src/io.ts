import type { Output } from "./progress.ts";

/** The outside world of a command. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Raw bytes in and out, for commands that answer another program; absent where there is no other program. */
  readonly pipe?: Pipe;
  /** Aborted at the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Whether unexpected errors show where they come from. */
  readonly debug: boolean;
  /** What the report's environment table shows. */
  readonly environment: Readonly<Record<string, string | number>>;
}

/** Standard input and output as bytes. */
export interface Pipe {
  /** Ends when the other program closes it, or with an error when the signal stops the run. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Resolves when the bytes are on their way. */
  write(bytes: Uint8Array): Promise<void>;
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
