import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { importsOf, packageOf } from "./imports.ts";
import { filesMatching, workspacePackages } from "./workspace.ts";

/** What the sources of a package import is what its manifest declares, in both directions. */
export const dependencies: Check = {
  name: "imports are the declared dependencies",
  async run(root) {
    const problems: string[] = [];
    for (const { name, folder, manifest } of await workspacePackages(root)) {
      const declared = new Set([
        ...Object.keys(manifest.dependencies ?? {}),
        ...Object.keys(manifest.peerDependencies ?? {}),
        ...Object.keys(manifest.optionalDependencies ?? {}),
      ]);
      const imported = new Set<string>();
      const texts: string[] = [];
      for (const path of await filesMatching(root, `${folder}/src/**/*.ts`)) {
        const text = await readFile(join(root, path), "utf8");
        texts.push(text);
        for (const { specifier, line } of importsOf(path, text)) {
          const needed = packageOf(specifier);
          if (needed === undefined || needed === name) continue;
          imported.add(needed);
          if (!declared.has(needed))
            problems.push(`${path}:${line} imports ${needed}, which ${folder}/package.json does not declare`);
        }
      }
      for (const dependency of declared) {
        // what is optional may be imported by a name in a variable, so that bundlers do not look for it
        const optional = manifest.peerDependenciesMeta?.[dependency]?.optional === true;
        if (optional && texts.some((text) => text.includes(`"${dependency}"`))) continue;
        if (!imported.has(typedBy(dependency)))
          problems.push(`${folder}/package.json declares ${dependency}, which no source imports`);
      }
    }
    return { problems };
  },
};

/** `@types/x` serves `x`; every other package serves itself. */
function typedBy(dependency: string): string {
  return dependency.startsWith("@types/") ? dependency.slice("@types/".length) : dependency;
}
