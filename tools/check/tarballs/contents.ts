import { join } from "node:path";
import { command } from "../command.ts";

/** Everything else in a tarball got there by accident. */
const welcome =
  /^package\/(dist\/.+\.(js|d\.ts|wasm)|schema\/.+\.json|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
const required: readonly string[] = [
  "package.json",
  "README.md",
  "LICENSE",
  "dist/index.js",
  "dist/index.d.ts",
];

/** What is missing from the tarball and what should not be in it. */
export async function contentProblems(tarball: string): Promise<string[]> {
  const { output } = await command(".", "tar", ["-tzf", tarball]);
  const files = output.trim().split("\n");
  return [
    ...required.filter((file) => !files.includes(join("package", file))).map((file) => `has no ${file}`),
    ...files.filter((file) => !welcome.test(file)).map((file) => `holds ${file}, which nobody needs`),
  ];
}

/** What publint and attw find wrong with the manifest and the types of the tarball. */
export async function manifestProblems(tarball: string): Promise<string[]> {
  const problems: string[] = [];
  const publint = await command(".", "publint", ["--strict", tarball]);
  if (publint.code !== 0) problems.push(`publint:\n${publint.output.trim()}`);
  const attw = await command(".", "attw", ["--profile", "esm-only", "--no-emoji", "--no-color", tarball]);
  if (attw.code !== 0) problems.push(`attw:\n${attw.output.trim()}`);
  return problems;
}
