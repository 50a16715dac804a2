import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Check } from "./check.ts";
import { filesMatching } from "./workspace.ts";

/** A factor that is claimed: `2.4 times faster`, `4×`, `1.6 times as slow`. */
const CLAIM =
  /\b\d+(?:\.\d+)?\s*(?:×(?!\s*\d)|times\s+(?:faster|slower|smaller|larger|less|more|better|cheaper|as|the))/i;
/** Something to run that shows it. */
const COMMAND =
  /`[^`]*\b(?:pnpm(?:@[\d.]+)? (?:bench [\w-]+|start|run bench [\w-]+|colm \w+)|colm (?:train|compare|bench|evaluate))\b/;
const BENCH = /\bpnpm(?:@[\d.]+)? bench ([\w-]+)/g;

/** Every factor that is claimed stands in a section, or below an introduction, that names the command which shows it; that command exists. */
export const claims: Check = {
  name: "claims name their command",
  async run(root) {
    const benchmarks = (await filesMatching(root, "tools/bench/*.ts")).map((path) => basename(path, ".ts"));
    const documents = await filesMatching(root, "README.md", "docs/*.md", "packages/*/README.md");
    const problems: string[] = [];
    for (const path of documents) {
      problems.push(...problemsOf(path, await readFile(join(root, path), "utf8"), benchmarks));
    }
    return { problems };
  },
};

function problemsOf(path: string, text: string, benchmarks: readonly string[]): string[] {
  const lines = text.split("\n");
  const isCode = codeLines(lines);
  const isHeading = (i: number): boolean => !isCode[i] && /^#{2,} /.test(lines[i]);
  // a command in a fenced block counts as one in backquotes
  const shown = lines.map((line, i) => (isCode[i] ? `\`${line}\`` : line));
  const starts = [0, ...Array.from(lines.keys()).filter(isHeading)];
  const sections = starts.map((start, s) => ({ start, end: starts[s + 1] ?? lines.length }));
  const names = (start: number, end: number): boolean => COMMAND.test(shown.slice(start, end).join("\n"));
  const introduction = names(0, sections[0].end);
  const problems: string[] = [];
  for (const { start, end } of sections) {
    if (introduction || names(start, end)) continue;
    for (let i = start; i < end; i++) {
      const claim = isCode[i] ? null : CLAIM.exec(lines[i]);
      if (claim === null) continue;
      problems.push(
        `${path}:${i + 1} claims "${claim[0]}" in a section that names no command which shows it`,
      );
    }
  }
  for (const [i, line] of lines.entries()) {
    for (const [, name] of line.matchAll(BENCH)) {
      if (name === "NAME" || benchmarks.includes(name)) continue;
      problems.push(`${path}:${i + 1} names the benchmark "${name}", which does not exist`);
    }
  }
  return problems;
}

/** Whether each line stands in a fenced block or opens or closes one. */
function codeLines(lines: readonly string[]): boolean[] {
  let open = false;
  return lines.map((line) => {
    const fence = /^\s*(```|~~~)/.test(line);
    if (fence) open = !open;
    return open || fence;
  });
}
