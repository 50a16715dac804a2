import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import ts from "typescript";
import type { Check } from "./check.ts";
import { filesMatching } from "./workspace.ts";

const longest = 300;
const vague: readonly string[] = ["utils", "util", "helpers", "helper", "common", "core", "manager", "misc"];

/** Names say the idea of a file, sources assert no types and do nothing when imported, no test is singled out. */
export const fileRules: Check = {
  name: "file rules",
  async run(root) {
    const problems: string[] = [];
    const notes: string[] = [];
    const sources = await filesMatching(root, "packages/*/{src,test,examples}/**/*.ts", "tools/**/*.ts");
    for (const path of sources) {
      const text = await readFile(join(root, path), "utf8");
      const lines = text.split("\n").length - 1;
      if (lines > longest) notes.push(`${path} has ${lines} lines, more than ${longest}`);
      problems.push(...nameProblems(path));
      if (path.endsWith(".test.ts")) problems.push(...testProblems(path, text));
      else if (path.startsWith("packages/") && path.split("/")[2] === "src")
        problems.push(...sourceProblems(path, text));
    }
    return { problems, notes };
  },
};

function nameProblems(path: string): string[] {
  const name = basename(path).split(".")[0];
  if (vague.includes(name)) return [`${path}: "${name}" does not say what is in the file`];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return [`${path}: file names are kebab-case`];
  return [];
}

function testProblems(path: string, text: string): string[] {
  const marks = text.match(/\b(?:describe|it|test|bench)\.(?:only|todo)\b/g) ?? [];
  return marks.map((mark) => `${path} contains ${mark}`);
}

function sourceProblems(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext);
  const problems: string[] = [];
  const at = (node: ts.Node): string =>
    `${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
  const visit = (node: ts.Node): void => {
    if (
      ts.isTypeAssertionExpression(node) ||
      (ts.isAsExpression(node) && node.type.getText(file) !== "const")
    ) {
      problems.push(`${at(node)} asserts a type ("as ${node.type.getText(file)}")`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const statement of file.statements) {
    if (ts.isExpressionStatement(statement) && !/(^|\/)bin\.ts$/.test(path)) {
      problems.push(`${at(statement)} does something when the module is imported`);
    }
  }
  return problems;
}
