/*
 * Kernels are text, not functions: gpu.js translates what `Function.prototype.toString` returns, and that is
 * another program once a bundler has shortened, instrumented or renamed it. gpu.js reads plain ES5.
 *
 * Both kernels compute entry (y, x) of a table over the rows of `points`, whose length is `blocks * width`. The
 * blocks bound the rounding error: sums of at most 256 float32 terms are added up. Loop counters start as whole
 * numbers so that they stay whole numbers on every back end.
 */

/** `sum_k |points[y, k] - points[x, k]|`. */
export const absoluteDifferences: string = differences("Math.abs(difference)");

/** `sum_k (points[y, k] - points[x, k])^2`. */
export const squaredDifferences: string = differences("difference * difference");

function differences(term: string): string {
  return `function (points, blocks, width) {
    var total = 0.0;
    for (var block = 0; block < blocks; block++) {
      var sum = 0.0;
      for (var k = 0; k < width; k++) {
        var difference = points[this.thread.y][block * width + k] - points[this.thread.x][block * width + k];
        sum += ${term};
      }
      total += sum;
    }
    return total;
  }`;
}
