import ts from "typescript";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The code with each `// => value` and `// throws Kind: message` after a statement turned into a call that checks it.
 * Lines keep their numbers. Throws when such a comment stands where there is nothing to check.
 */
export function instrument(code: string): string {
  const file = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ESNext, true);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    const edit = ts.isStatement(node) ? checked(file, node) : undefined;
    if (edit !== undefined) edits.push(edit);
    else ts.forEachChild(node, visit);
  };
  visit(file);
  const marks = code.match(/\/\/ (?:=>|throws) /g)?.length ?? 0;
  if (marks !== edits.length) {
    throw new SyntaxError(
      `${marks} comments name a result, but only ${edits.length} follow an expression or a declaration`,
    );
  }
  let result = code;
  for (const { start, end, text } of edits.reverse())
    result = result.slice(0, start) + text + result.slice(end);
  return result;
}

/** The names that the example declares or imports itself, at its top level. */
export function ownNames(code: string): Set<string> {
  const file = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ESNext, true);
  const names = new Set<string>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) bind(declaration.name);
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      if (statement.name !== undefined) names.add(statement.name.text);
    } else if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      if (clause?.name !== undefined) names.add(clause.name.text);
      const bindings = clause?.namedBindings;
      if (bindings === undefined) continue;
      if (ts.isNamespaceImport(bindings)) names.add(bindings.name.text);
      else for (const element of bindings.elements) names.add(element.name.text);
    }
  }
  return names;
}

/** Every identifier in the code. */
export function identifiers(code: string): Set<string> {
  const file = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ESNext, true);
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function checked(file: ts.SourceFile, node: ts.Statement): Edit | undefined {
  const mark = resultComment(file.text, node.end);
  if (mark === undefined) return undefined;
  const start = node.getStart(file);
  const wanted = JSON.stringify(mark.value);
  if (ts.isExpressionStatement(node)) {
    const expression = printed(node.expression).getText(file);
    const text =
      mark.kind === "throws"
        ? `await __throws(async () => { ${node.getText(file)} }, ${wanted});`
        : `__value((${expression}), ${wanted});`;
    return { start, end: node.end, text };
  }
  if (!ts.isVariableStatement(node) || mark.kind === "throws") return undefined;
  const declarations = node.declarationList.declarations;
  const name = declarations[declarations.length - 1].name;
  const shown = ts.isIdentifier(name) ? name.text : bindingValue(name);
  return shown === undefined
    ? undefined
    : { start, end: node.end, text: `${node.getText(file)} __value(${shown}, ${wanted});` };
}

/** `console.log(x)` shows `x`. */
function printed(expression: ts.Expression): ts.Expression {
  if (!ts.isCallExpression(expression) || expression.arguments.length !== 1) return expression;
  return expression.expression.getText() === "console.log" ? expression.arguments[0] : expression;
}

/** `const { a } = ...` shows `a`. */
function bindingValue(pattern: ts.BindingPattern): string | undefined {
  const [only, ...others] = pattern.elements;
  if (others.length > 0 || !ts.isBindingElement(only) || !ts.isIdentifier(only.name)) return undefined;
  return only.name.text;
}

/** The comment on the rest of the line, or alone on the next one; it runs on while its brackets are open. */
function resultComment(code: string, end: number): { kind: "value" | "throws"; value: string } | undefined {
  const rows = code.slice(end).split("\n");
  const first = rows[0].trim() === "" ? 1 : 0;
  const mark = /^\s*\/\/ (=> throws|=>|throws) (.*)$/.exec(rows[first] ?? "");
  if (mark === null) return undefined;
  let value = mark[2].trim();
  for (let next = first + 1; isOpen(value) && /^\s*\/\//.test(rows[next] ?? ""); next++) {
    value += ` ${rows[next].replace(/^\s*\/\//, "").trim()}`;
  }
  return { kind: mark[1].endsWith("throws") ? "throws" : "value", value };
}

function isOpen(value: string): boolean {
  const count = (pattern: RegExp): number => value.match(pattern)?.length ?? 0;
  return count(/[[{(]/g) > count(/[\]})]/g);
}
