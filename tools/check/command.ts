import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Check } from "./check.ts";

export interface Outcome {
  readonly code: number;
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string;
}

export interface CommandOptions {
  env?: NodeJS.ProcessEnv;
  /** After this many seconds the command is ended and counts as failed. Default 600. */
  limitSeconds?: number;
}

const programs = join(import.meta.dirname, "../../node_modules/.bin");

/** The workspace's programs come first, they print without colour, and they call nobody. */
const plainOutput: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [programs, process.env.PATH].join(delimiter),
  NO_COLOR: "1",
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
};
delete plainOutput.FORCE_COLOR;

/** Runs `program` in `folder` with nothing on standard input; a program that is missing has code 127. */
export function command(
  folder: string,
  program: string,
  args: readonly string[],
  { env = plainOutput, limitSeconds = 600 }: CommandOptions = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let ended = false;
    const limit = setTimeout(() => {
      output += `\n${program}: ended after ${limitSeconds} s\n`;
      child.kill("SIGKILL");
    }, limitSeconds * 1000);
    const finish = (code: number): void => {
      if (ended) return;
      ended = true;
      clearTimeout(limit);
      resolve({ code, output: stripVTControlCharacters(output) });
    };
    const collect = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", (error) => {
      output += `${error.message}\n`;
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

/** A check that holds when each of the commands exits with 0; the output of one that does not is the problem. */
export function commandsPass(name: string, ...commands: readonly (readonly [string, ...string[]])[]): Check {
  return {
    name,
    async run(root) {
      const problems: string[] = [];
      for (const [program, ...args] of commands) {
        const { code, output } = await command(root, program, args);
        if (code !== 0) problems.push(`${[program, ...args].join(" ")} exited with ${code}\n${tail(output)}`);
      }
      return { problems };
    },
  };
}

/** The last `lines` lines: where tools say what went wrong. */
export function tail(output: string, lines = 60): string {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}
