// pnpm only warns when the installation before a script fails, and runs the script all the same. Scripts therefore
// start with this file, which ends them with one clear line. Plain JavaScript, so that any Node can run it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(process.argv[2] ?? ".");
const problem = missing(root);
if (problem !== undefined) {
  console.error(`The installation is not complete: ${problem}.`);
  console.error("Run `npx -y pnpm@12.21.0 install` and read what it says.");
  process.exit(1);
}

/** What keeps the scripts from running on exactly what the lockfile names; undefined when nothing does. */
function missing(root) {
  const installed = join(root, "node_modules/.pnpm/lock.yaml");
  if (!existsSync(installed)) return "there is no node_modules";
  for (const folder of ["", ...packageFolders(root)]) {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      if (!existsSync(join(root, folder, "node_modules", name)))
        return `${join(folder, "node_modules", name)} is missing`;
    }
  }
  if (readFileSync(installed, "utf8") !== readFileSync(join(root, "pnpm-lock.yaml"), "utf8")) {
    return "node_modules does not hold what pnpm-lock.yaml names";
  }
  if (!process.features.typescript) return `this is Node ${process.version}, and the scripts need 24`;
  return undefined;
}

function packageFolders(root) {
  const folder = join(root, "packages");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "package.json")))
    .map((name) => join("packages", name));
}
