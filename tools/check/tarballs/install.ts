import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { command, tail } from "../command.ts";
import { exportedValues } from "../examples/scope.ts";
import { nodePrograms } from "../node-versions.ts";
import type { Tarball } from "./pack.ts";

/**
 * Installs the tarballs together into an empty project, with npm as a user would, imports each on every Node at hand
 * and compares what it exports with its source; programs must answer `--help`.
 */
export async function installationProblems(
  root: string,
  tarballs: readonly Tarball[],
  folder: string,
): Promise<string[]> {
  await mkdir(folder);
  const dependencies = Object.fromEntries(tarballs.map(({ owner, path }) => [owner.name, `file:${path}`]));
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, type: "module", dependencies }),
  );
  const flags = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  const installed = await command(folder, "npm", ["install", ...flags]);
  if (installed.code !== 0)
    return [`npm install of the tarballs exited with ${installed.code}\n${tail(installed.output)}`];
  const problems: string[] = [];
  for (const { path: node, version } of await nodePrograms()) {
    for (const { owner } of tarballs) {
      const source = join(root, owner.folder, "src/index.ts");
      const expected = exportedValues(source, await readFile(source, "utf8")).sort();
      const found = await command(folder, node, ["--input-type=module", "--eval", listing(owner.name)]);
      if (found.code !== 0 || found.output.trim() !== JSON.stringify(expected)) {
        problems.push(
          `${owner.name} on Node ${version}: expected ${JSON.stringify(expected)}, got\n${tail(found.output, 20)}`,
        );
      }
      for (const program of Object.keys(owner.manifest.bin ?? {})) {
        const file = join(folder, "node_modules/.bin", program);
        const help = await command(folder, node, [file, "--help"]);
        if (help.code !== 0)
          problems.push(
            `${program} --help on Node ${version} exited with ${help.code}\n${tail(help.output, 20)}`,
          );
      }
    }
  }
  return problems;
}

function listing(name: string): string {
  return `import * as all from ${JSON.stringify(name)}; console.log(JSON.stringify(Object.keys(all).sort()));`;
}
