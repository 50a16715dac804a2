import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is, or undefined where it is not installed. `CHROMIUM` names another place. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path));
}

/** How {@link pageOf} opens a page. */
export interface PageOptions {
  readonly limitSeconds?: number;
  readonly flags?: readonly string[];
  readonly onConsole?: (line: string) => void;
}

const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens `url` in a headless Chromium with a fresh profile and returns the page as it stands once its scripts have come to rest.
 *
 * @param options - `flags`: more of Chromium's command line; `onConsole`: told every line that the page's console shows, errors of
 *   scripts and refusals of the page's own policy among them.
 * @throws {Error} If Chromium ends with an error or not within `limitSeconds` (60).
 */
export async function pageOf(
  chromium: string,
  url: string,
  { limitSeconds = 60, flags = [], onConsole }: PageOptions = {},
): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), "colm-chromium-"));
  try {
    // the budget is virtual: timers run ahead, and the page is printed when nothing is left to do
    const settings = [`--user-data-dir=${profile}`, "--virtual-time-budget=30000", "--dump-dom"];
    return await output(
      chromium,
      [...QUIET, "--enable-logging=stderr", ...flags, ...settings, url],
      limitSeconds,
      onConsole,
    );
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function output(
  program: string,
  args: readonly string[],
  limitSeconds: number,
  onConsole: PageOptions["onConsole"],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const limit = setTimeout(() => child.kill("SIGKILL"), limitSeconds * 1000);
    let text = "";
    let log = "";
    child.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part) => {
      log += part;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(limit);
      for (const line of log.split("\n")) if (line.includes(":CONSOLE")) onConsole?.(line);
      if (code === 0) resolve(text);
      else reject(new Error(`${program} ended with ${code ?? "a signal"} on ${args.at(-1)}`));
    });
  });
}
