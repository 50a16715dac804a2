import { resolve } from "node:path";
import type { Check } from "./check.ts";
import { claims } from "./claims.ts";
import { checkoutState, cleanCheckout } from "./clean-checkout.ts";
import { commandsPass } from "./command.ts";
import { dependencies } from "./dependencies.ts";
import { examples } from "./examples.ts";
import { fileRules } from "./file-rules.ts";
import { layering } from "./layering.ts";
import { runChecks } from "./run-checks.ts";
import { start } from "./start.ts";
import { tarballs } from "./tarballs.ts";

const root = resolve(import.meta.dirname, "../..");

const checks: readonly Check[] = [
  commandsPass("format and lint", ["biome", "ci", "--error-on-warnings", "."]),
  fileRules,
  dependencies,
  layering,
  claims,
  commandsPass("build", ["turbo", "run", "build", "--output-logs=errors-only"]),
  commandsPass("types", ["tsc", "-b"], ["tsc", "-p", "tsconfig.tests.json"]),
  commandsPass("unused files and exports", ["knip", "--no-progress", "--no-config-hints"]),
  tarballs,
  examples,
  commandsPass("reference pages", ["typedoc"]),
  start,
  cleanCheckout(await checkoutState(root)),
];

/** `pnpm check [NAME ...]`: all checks, or those whose names begin with one of the words given. */
const wanted = process.argv.slice(2);
const chosen = checks.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
);
const { passed, failed } = await runChecks(root, chosen, (line) => console.log(line));
console.log(`checks: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0;
