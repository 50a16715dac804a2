/**
 * The first key that stands twice in one object of a JSON text, which `JSON.parse` would drop silently.
 *
 * @param json - Text that `JSON.parse` accepts.
 * @returns The key, or undefined where all keys are distinct.
 */
export function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  // strings and brackets only: everything between them is numbers, literals and commas
  for (const [token, , colon] of json.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (colon !== undefined) {
      const key: unknown = JSON.parse(token.slice(0, token.length - colon.length));
      const seen = open.at(-1);
      if (typeof key !== "string" || seen === undefined) continue;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}
