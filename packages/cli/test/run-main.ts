import { main } from "../src/index.ts";

/** What one call of `main` left. */
export interface MainOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Everything written to the pipe. */
  readonly bytes: Buffer;
}

/** Calls `main` in this process; `input` are the pieces that arrive on its pipe, and without them it has none. */
export async function runMain(argv: readonly string[], input?: readonly Uint8Array[]): Promise<MainOutcome> {
  const text = { stdout: "", stderr: "" };
  const pieces: Uint8Array[] = [];
  const output = (name: "stdout" | "stderr"): { write: (part: string) => void } => ({
    write: (part) => {
      text[name] += part;
    },
  });
  const code = await main(argv, {
    stdout: output("stdout"),
    stderr: output("stderr"),
    signal: new AbortController().signal,
    now: () => performance.now(),
    debug: false,
    environment: {},
    ...(input && {
      pipe: {
        input: arriving(input),
        write: async (bytes: Uint8Array) => {
          pieces.push(bytes);
        },
      },
    }),
  });
  return { code, ...text, bytes: Buffer.concat(pieces) };
}

async function* arriving(pieces: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* pieces;
}
