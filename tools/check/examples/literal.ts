/** A value as documentation writes it: JavaScript literals, typed arrays as `Int32Array [1, 2]`, `...` for the rest. */
export type Literal =
  | { readonly kind: "number"; readonly value: number; readonly exact: boolean }
  | { readonly kind: "plain"; readonly value: string | boolean | null | undefined | bigint }
  | {
      readonly kind: "list";
      readonly type: string | undefined;
      readonly items: readonly Literal[];
      readonly open: boolean;
    }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, Literal>; readonly open: boolean }
  | {
      readonly kind: "map";
      readonly entries: readonly (readonly [Literal, Literal])[];
      readonly open: boolean;
    };

const words: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ["true", { kind: "plain", value: true }],
  ["false", { kind: "plain", value: false }],
  ["null", { kind: "plain", value: null }],
  ["undefined", { kind: "plain", value: undefined }],
  ["NaN", { kind: "number", value: Number.NaN, exact: true }],
  ["Infinity", { kind: "number", value: Number.POSITIVE_INFINITY, exact: true }],
  ["-Infinity", { kind: "number", value: Number.NEGATIVE_INFINITY, exact: true }],
]);

/**
 * Reads a literal; throws a `SyntaxError` that says where it stops being one. Typed arrays may carry their length, as
 * Node prints it (`Int32Array(2) [ 0, 3 ]`), or be written as code (`Int32Array.of(0, 3)`).
 */
export function parseLiteral(text: string): Literal {
  let at = 0;
  const fail = (wanted: string): never => {
    throw new SyntaxError(`expected ${wanted} at "${text.slice(at)}"`);
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const skip = (): void => {
    match(/\s*/y);
  };
  const takes = (mark: string): boolean => {
    skip();
    if (!text.startsWith(mark, at)) return false;
    at += mark.length;
    return true;
  };
  /** Runs `item` for each entry up to `end`; true when the list ends in `...`. */
  const entries = (end: string, item: () => void): boolean => {
    let open = false;
    while (!takes(end)) {
      if (open) fail(`"${end}"`);
      if (takes("...") || takes("…")) open = true;
      else item();
      if (takes(end)) return open;
      if (!takes(",")) fail(`"," or "${end}"`);
    }
    return open;
  };
  const list = (type: string | undefined, end: string): Literal => {
    const items: Literal[] = [];
    const open = entries(end, () => items.push(value()));
    return { kind: "list", type, items, open };
  };
  const object = (): Literal => {
    const found = new Map<string, Literal>();
    const open = entries("}", () => {
      skip();
      const key = quoted() ?? match(/[\w$.-]+/y) ?? fail("a key");
      if (!takes(":")) fail('":"');
      found.set(key, value());
    });
    return { kind: "object", entries: found, open };
  };
  const map = (): Literal => {
    const found: [Literal, Literal][] = [];
    const open = entries("}", () => {
      const key = value();
      if (!takes("=>")) fail('"=>"');
      found.push([key, value()]);
    });
    return { kind: "map", entries: found, open };
  };
  const quoted = (): string | undefined => {
    const found = match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/y);
    return found === undefined ? undefined : unquote(found.slice(1, -1));
  };
  const value = (): Literal => {
    skip();
    const string = quoted();
    if (string !== undefined) return { kind: "plain", value: string };
    if (takes("[")) return list(undefined, "]");
    if (match(/Map(?:\(\d+\))?\s*\{/y) !== undefined) return map();
    if (takes("{")) return object();
    const type = match(/[A-Z]\w*Array(?=\s*(?:\(\d+\)\s*)?\[)/y);
    if (type !== undefined) {
      match(/\s*(?:\(\d+\))?\s*\[/y);
      return list(type, "]");
    }
    const made = match(/[A-Z]\w*Array\.of\(/y);
    if (made !== undefined) return list(made.slice(0, -".of(".length), ")");
    const big = match(/-?\d+n\b/y);
    if (big !== undefined) return { kind: "plain", value: BigInt(big.slice(0, -1)) };
    const number = match(/[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?/iy);
    if (number !== undefined) {
      return {
        kind: "number",
        value: Number(number.replaceAll("_", "")),
        exact: /^[-+]?[\d_]+$/.test(number),
      };
    }
    const word = match(/-?[A-Za-z]+/y) ?? fail("a value");
    return words.get(word) ?? fail(`a value instead of "${word}"`);
  };
  const read = value();
  skip();
  if (at < text.length) fail("nothing more");
  return read;
}

function unquote(body: string): string {
  return body.replace(/\\(.)/g, (_, mark: string) => ({ n: "\n", t: "\t", r: "\r" })[mark] ?? mark);
}
