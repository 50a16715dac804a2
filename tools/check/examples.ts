import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { docExamples, fencedBlocks } from "./examples/extract.ts";
import { type ExampleGroup, runExamples } from "./examples/run-examples.ts";
import { packageScope } from "./examples/scope.ts";
import { filesMatching, workspacePackages } from "./workspace.ts";

/** Every fenced `ts` block of the documentation and every `@example` of a doc comment runs and gives what it says. */
export const examples: Check = {
  name: "examples",
  async run(root) {
    const groups = [...(await documents(root)), ...(await docComments(root))];
    const problems: string[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < groups.length) problems.push(...(await runExamples(root, groups[next++])));
    };
    await Promise.all([work(), work()]);
    const count = groups.reduce((sum, group) => sum + group.examples.length, 0);
    return { problems, notes: [`${count} examples`] };
  },
};

/** Each document on its own; its blocks import what they use. */
async function documents(root: string): Promise<ExampleGroup[]> {
  const groups: ExampleGroup[] = [];
  const paths = await filesMatching(root, "*.md", "docs/**/*.md", "packages/*/*.md", "tools/**/*.md");
  for (const path of paths.filter((path) => !path.startsWith("docs/api/"))) {
    groups.push({ examples: fencedBlocks(path, await readFile(join(root, path), "utf8")), scope: new Map() });
  }
  return groups;
}

async function docComments(root: string): Promise<ExampleGroup[]> {
  const groups: ExampleGroup[] = [];
  for (const { folder, name } of await workspacePackages(root)) {
    const found = [];
    for (const path of await filesMatching(root, `${folder}/src/**/*.ts`)) {
      found.push(...docExamples(path, await readFile(join(root, path), "utf8")));
    }
    groups.push({ examples: found, scope: await packageScope(root, folder, name) });
  }
  return groups;
}
