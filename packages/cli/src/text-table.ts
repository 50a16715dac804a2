/**
 * Rows of text as aligned columns, the first to the left, the others to the right.
 *
 * @param header - Titles of the columns.
 * @param rows - Cells, as many in each row as titles.
 * @returns Lines joined by newlines, with a rule under the header.
 */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, j) => Math.max(title.length, ...rows.map((row) => row[j].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, j) => (j === 0 ? cell.padEnd(widths[j]) : cell.padStart(widths[j])))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}
