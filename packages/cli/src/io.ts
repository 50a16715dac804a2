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
  /** Whether text may be coloured where it is shown on a terminal. Default false. */
  readonly color?: boolean;
  /** What the report's environment table shows. */
  readonly environment: Readonly<Record<string, string | number>>;
  /** Runs the program with other arguments, in a process of its own where there can be one. Default: in this process. */
  readonly again?: Again;
}

/** Runs the program with `argv`; `onLine` is told every line of its standard output. */
export type Again = (argv: readonly string[], onLine: (line: string) => void) => Promise<Ended>;

/** How another run of the program ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
}

/** Standard input and output as bytes. */
export interface Pipe {
  /** Ends when the other program closes it, or with an error when the signal stops the run. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Resolves when the bytes are on their way. */
  write(bytes: Uint8Array): Promise<void>;
}

/** A command: what its help says, and what it does. */
export interface Command {
  /** The whole text of `colm NAME --help`. */
  readonly help: string;
  /** Does the work and returns the exit code. */
  run(argv: readonly string[], io: Io): Promise<number>;
}
