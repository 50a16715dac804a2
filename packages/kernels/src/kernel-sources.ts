import type { ColumnTerm, PairTerm } from "./sums.ts";

/*
 * Kernels are text, not functions: gpu.js translates what `Function.prototype.toString` returns, and that is
 * another program once a bundler has shortened, instrumented or renamed it. gpu.js reads plain ES5.
 *
 * Sums run over `blocks * width` terms. The blocks bound the rounding error: sums of at most 256 float32 terms are
 * added up. Loop counters start as whole numbers so that they stay whole numbers on every back end.
 */

/** The term of a pair of entries `a` and `b`. */
export const pairTerms: Readonly<Record<PairTerm, string>> = {
  absolute: "Math.abs(a - b)",
  squared: "(a - b) * (a - b)",
  product: "a * b",
};

const columnTerms: Readonly<Record<ColumnTerm, string>> = {
  rise: "Math.max(a - b, 0.0)",
  fall: "Math.max(b - a, 0.0)",
  weighted: "a * b",
};

/** The kernel for entry (y, x) of the table over all pairs of rows of `points`. */
export function pairSource(term: PairTerm): string {
  return `function (points, blocks, width) {
    ${blockedSum("points[this.thread.y][block * width + k]", "points[this.thread.x][block * width + k]", pairTerms[term])}
    return total;
  }`;
}

/** The kernel for the sum of column x of `table`. */
export function columnSource(term: ColumnTerm): string {
  return `function (table, column, blocks, width) {
    ${blockedSum("table[block * width + k][this.thread.x]", "column[block * width + k]", columnTerms[term])}
    return total;
  }`;
}

/** The kernel for the sum of column x of a table of a fixed number of rows. */
export function fixedColumnSource(term: ColumnTerm, blocks: number, width: number): string {
  const at = `block * ${width} + k`;
  return `function (table, column) {
    ${blockedSum(`table[${at}][this.thread.x]`, `column[${at}]`, columnTerms[term], { blocks, width })}
    return total;
  }`;
}

/** Row 0: the largest of the first `size` entries of row x of `table`; row 1: entry x of its diagonal. */
export function rowEndsSource(size: number): string {
  return `function (table) {
    var out = table[this.thread.x][this.thread.x];
    if (this.thread.y === 0) {
      for (var k = 0; k < ${size}; k++) {
        out = Math.max(out, table[this.thread.x][k]);
      }
    }
    return out;
  }`;
}

/** Row `at[0]` of `table`. */
export const rowSource: string = `function (table, at) {
    var row = at[0];
    return table[row][this.thread.x];
  }`;

/** The sum of a term of `a` and `b` over `block * width + k`; `blocks` and `width` are arguments or numbers. */
export function blockedSum(
  a: string,
  b: string,
  term: string,
  { blocks = "blocks", width = "width" }: { blocks?: number | string; width?: number | string } = {},
): string {
  return `var total = 0.0;
    for (var block = 0; block < ${blocks}; block++) {
      var sum = 0.0;
      for (var k = 0; k < ${width}; k++) {
        var a = ${a};
        var b = ${b};
        sum += ${term};
      }
      total += sum;
    }`;
}
