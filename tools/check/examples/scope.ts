import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import type { Scope } from "./run-examples.ts";

/**
 * What the doc comments of a package may name without importing it: the values that its `src/index.ts` exports, and
 * `matrix` and `normal` of `@colm/array`.
 */
export async function packageScope(root: string, folder: string, name: string): Promise<Scope> {
  const path = join(root, folder, "src/index.ts");
  const scope = new Map<string, string>([
    ["matrix", "@colm/array"],
    ["normal", "@colm/array"],
  ]);
  for (const value of exportedValues(path, await readFile(path, "utf8"))) scope.set(value, name);
  return scope;
}

/** The names, other than types, that a file exports. */
export function exportedValues(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext);
  const names: string[] = [];
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      if (statement.isTypeOnly || clause === undefined || !ts.isNamedExports(clause)) continue;
      for (const element of clause.elements) if (!element.isTypeOnly) names.push(element.name.text);
    } else if (ts.canHaveModifiers(statement) && isExported(statement)) {
      if (ts.isVariableStatement(statement)) {
        for (const { name } of statement.declarationList.declarations)
          if (ts.isIdentifier(name)) names.push(name.text);
      } else if (
        (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
        statement.name
      ) {
        names.push(statement.name.text);
      }
    }
  }
  return names;
}

function isExported(statement: ts.Statement & ts.HasModifiers): boolean {
  return ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
