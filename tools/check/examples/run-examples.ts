import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, tail } from "../command.ts";
import type { Example } from "./extract.ts";
import { identifiers, instrument, ownNames } from "./instrument.ts";

/** Names that stand for an import: from which module each comes. */
export type Scope = ReadonlyMap<string, string>;

export interface ExampleGroup {
  readonly examples: readonly Example[];
  readonly scope: Scope;
}

const expectation: string = new URL("./expectation.ts", import.meta.url).href;
const runner: string = new URL("./runner.ts", import.meta.url).pathname;

/** Runs the examples of one group in one process with the workspace's packages at hand; one line for each that fails. */
export async function runExamples(root: string, { examples, scope }: ExampleGroup): Promise<string[]> {
  if (examples.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), "colm-examples-"));
  try {
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    await mkdir(join(folder, "code"));
    const places = new Map<string, string>();
    const problems: string[] = [];
    for (const [index, example] of examples.entries()) {
      const place = `${example.path}:${example.line}`;
      const path = join(folder, "code", `${index}.ts`);
      try {
        await writeFile(path, moduleText(example.code, scope));
        places.set(path, place);
      } catch (error) {
        problems.push(`${place} ${error instanceof Error ? error.message : error}`);
      }
    }
    return [...problems, ...(await run(root, folder, places))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(root: string, folder: string, places: ReadonlyMap<string, string>): Promise<string[]> {
  const results = join(folder, "results.jsonl");
  await writeFile(results, "");
  const { code, output } = await command(root, process.execPath, [runner, results, ...places.keys()]);
  const ended = new Map<string, string>();
  for (const line of (await readFile(results, "utf8")).split("\n").filter(Boolean)) {
    const { path, problem }: { path: string; problem: string } = JSON.parse(line);
    ended.set(path, problem);
  }
  const problems: string[] = [];
  for (const [path, place] of places) {
    const problem = ended.get(path);
    if (problem === undefined) {
      problems.push(`${place} never came to its end (exit code ${code})\n${tail(output, 10)}`);
      break;
    }
    if (problem !== "") problems.push(`${place} ${problem}`);
  }
  if (problems.length === 0 && code !== 0) problems.push(`examples exited with ${code}\n${tail(output, 10)}`);
  return problems;
}

/** The example as a module: imports of what it names from `scope` without declaring it, on its first line. */
function moduleText(code: string, scope: Scope): string {
  const own = ownNames(code);
  const byModule = new Map<string, string[]>();
  for (const name of identifiers(code)) {
    const from = scope.get(name);
    if (from === undefined || own.has(name)) continue;
    byModule.set(from, [...(byModule.get(from) ?? []), name]);
  }
  const imports = [...byModule].map(
    ([from, names]) => `import { ${names.join(", ")} } from ${JSON.stringify(from)};`,
  );
  const checks = `import { expectValue as __value, expectThrow as __throws } from ${JSON.stringify(expectation)};`;
  return `${checks} ${imports.join(" ")} ${instrument(code)}\nexport {};\n`;
}
