/**
 * The first fault of an XML fragment, or undefined: tags that do not match, attributes without quotes or twice, a bare `<`, `>` or `&`.
 * Strict enough for what the report writes; no declarations, comments or sections.
 */
export function faultOf(xml: string): string | undefined {
  const open: string[] = [];
  let reached = 0;
  for (const match of xml.matchAll(/<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const fault = faultOfText(xml.slice(reached, match.index));
    if (fault !== undefined) return fault;
    reached = match.index + match[0].length;
    const [, close, name, attributes, empty] = match;
    const names = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, attribute]) => attribute);
    if (new Set(names).size !== names.length) return `an attribute twice in ${match[0]}`;
    if (/&(?!(?:amp|lt|gt|quot|#\d+);)/.test(attributes)) return `a bare & in ${match[0]}`;
    if (close === "/" && open.pop() !== name) return `</${name}> that nothing opened`;
    if (close === "" && empty === "") open.push(name);
  }
  return (
    faultOfText(xml.slice(reached)) ?? (open.length > 0 ? `<${open.at(-1)}> that nothing closed` : undefined)
  );
}

function faultOfText(text: string): string | undefined {
  const bare = /[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/.exec(text);
  return bare === null ? undefined : `a bare ${bare[0]} in ${text.slice(bare.index, bare.index + 30)}`;
}

/** Every `<svg>` of a page. */
export function drawings(page: string): string[] {
  return page.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
}
