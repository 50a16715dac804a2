import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Check } from "./check.ts";
import { type Import, importsOf, packageOf } from "./imports.ts";
import { filesMatching } from "./workspace.ts";

/** A package imports only packages that stand before it. */
const layers: readonly string[] = [
  "array",
  "spsa",
  "adam-normalize",
  "submodular",
  "source-balance",
  "coreset",
  "kernels",
  "data",
  "lm-tfjs",
  "trainer-tfjs",
  "report",
  "cli",
];

/** Who alone may import it. */
const reserved: readonly { module: RegExp; packages: readonly string[] }[] = [
  { module: /^@tensorflow\//, packages: ["lm-tfjs", "trainer-tfjs", "cli"] },
  { module: /^gpu\.js$/, packages: ["kernels"] },
];

/** Packages import downwards only, frameworks stay behind their walls, and no two files need each other. */
export const layering: Check = {
  name: "layering",
  async run(root) {
    const problems: string[] = [];
    const graph = new Map<string, string[]>();
    for (const path of await filesMatching(root, "packages/*/src/**/*.ts")) {
      const owner = path.split("/")[1];
      if (!layers.includes(owner))
        problems.push(`${path}: packages/${owner} has no place in the list of layers`);
      const imports = importsOf(path, await readFile(join(root, path), "utf8"));
      graph.set(path, importedFiles(path, imports));
      for (const { specifier, line } of imports) {
        const problem = crossing(owner, path, specifier);
        if (problem !== undefined) problems.push(`${path}:${line} ${problem}`);
      }
    }
    return {
      problems: [...problems, ...cycles(graph).map((cycle) => `import cycle: ${cycle.join(" -> ")}`)],
    };
  },
};

function crossing(owner: string, path: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) {
    const inside = posix.join(posix.dirname(path), specifier).startsWith(`packages/${owner}/src/`);
    return inside ? undefined : `reaches out of its package: ${specifier}`;
  }
  const target = packageOf(specifier);
  if (target === undefined) return undefined;
  for (const { module, packages } of reserved) {
    if (module.test(target) && !packages.includes(owner))
      return `imports ${target}, which only ${packages.join(", ")} may`;
  }
  if (!target.startsWith("@colm/")) return undefined;
  const layer = layers.indexOf(target.slice("@colm/".length));
  if (layer >= 0 && layer < layers.indexOf(owner)) return undefined;
  return `imports ${target}, which does not stand above @colm/${owner}`;
}

/** Imports that exist when the program runs, as paths relative to the root. */
function importedFiles(path: string, imports: readonly Import[]): string[] {
  return imports
    .filter(({ specifier, typeOnly }) => !typeOnly && specifier.startsWith("."))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
}

/** Each cycle once, from the file of it that comes first. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) {
      found.push([...trail.slice(start), file]);
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}
