import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));

/** What a finished run of the program left. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How {@link runColm} runs it. */
export interface RunOptions {
  readonly cwd: string;
  /** Called with everything written to standard output so far, at each piece. */
  readonly onOutput?: (stdout: string, send: (signal: NodeJS.Signals) => void) => void;
  /** Makes a shell script of the program's command line, to run it in other circumstances. */
  readonly script?: (command: string) => string;
}

/** Runs `colm` in a process of its own. */
export function runColm(argv: readonly string[], { cwd, onOutput, script }: RunOptions): Promise<Outcome> {
  const quoted = [process.execPath, bin, ...argv]
    .map((part) => `'${part.replaceAll("'", "'\\''")}'`)
    .join(" ");
  const child =
    script === undefined
      ? spawn(process.execPath, [bin, ...argv], { cwd })
      : spawn("bash", ["-c", script(quoted)], { cwd });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece) => {
    stdout += piece;
    onOutput?.(stdout, (signal) => child.kill(signal));
  });
  child.stderr.on("data", (piece) => {
    stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
