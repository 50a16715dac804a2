/** Code that documentation shows. */
export interface Example {
  /** Relative to the root. */
  readonly path: string;
  /** The line of the file on which the code begins, counted from 1. */
  readonly line: number;
  readonly code: string;
}

/** The fenced `ts` blocks of a Markdown file. */
export function fencedBlocks(path: string, text: string): Example[] {
  const blocks: Example[] = [];
  let open: { indent: number; fence: string; line: number; code: string[] | undefined } | undefined;
  for (const [index, row] of text.split("\n").entries()) {
    const mark = /^( *)(`{3,}|~{3,})\s*(\S*)/.exec(row);
    if (open === undefined) {
      if (mark === null) continue;
      const runs = mark[3] === "ts" || mark[3] === "typescript";
      open = { indent: mark[1].length, fence: mark[2], line: index + 2, code: runs ? [] : undefined };
    } else if (mark?.[3] === "" && mark[2].startsWith(open.fence)) {
      if (open.code !== undefined) blocks.push({ path, line: open.line, code: open.code.join("\n") });
      open = undefined;
    } else {
      open.code?.push(row.slice(Math.min(open.indent, row.length - row.trimStart().length)));
    }
  }
  if (open?.code !== undefined) throw new SyntaxError(`${path}:${open.line} a fenced block is never closed`);
  return blocks;
}

/** The code of every `@example` in the doc comments of a source file; a fence around it is optional. */
export function docExamples(path: string, text: string): Example[] {
  const examples: Example[] = [];
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const firstLine = text.slice(0, comment.index).split("\n").length;
    const rows = comment[0]
      .replace(/^\/\*\*/, "")
      .replace(/\*\/$/, "")
      .split("\n")
      .map((row) => row.replace(/^\s*\* ?/, ""));
    for (const [start, row] of rows.entries()) {
      if (!/^\s*@example\b/.test(row)) continue;
      const following = rows.slice(start + 1);
      const end = following.findIndex((next) => /^\s*@[a-z]/.test(next));
      const body = end < 0 ? following : following.slice(0, end);
      const fenced = fencedBlocks(path, body.join("\n"));
      const line = firstLine + start + 1;
      if (fenced.length > 0) {
        for (const block of fenced) examples.push({ ...block, line: line + block.line - 1 });
      } else {
        const sameLine = row.replace(/^\s*@example\s*/, "");
        examples.push({ path, line: line - 1, code: [sameLine, ...body].join("\n") });
      }
    }
  }
  return examples;
}
