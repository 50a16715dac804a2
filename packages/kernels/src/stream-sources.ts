/*
 * The kernels of the stream. A coordinate is a column, x = thread.x. `rule` holds a, s, epsilon and the errors allowed for:
 *
 *   u = (first + a g) / (hypot(second, s g) + epsilon),   a = (1 - beta1) c1,   s = sqrt((1 - beta2) c2),
 *   first = c1 beta1 m,   second = sqrt(c2 beta2 v),   c1, c2 the bias corrections.
 *
 * Rows are sorted by group: `starts[y]` is the first row of group y. Loop counters that start from an array are floats on every
 * back end, which is why they are counted up with `+= 1`.
 */

/** Entry (y, x) of the gradients, the sum over k of `weights[y][k] directions[k][x]`. */
export function projectSource(count: number): string {
  return `function (weights, directions) {
    var sum = 0.0;
    for (var k = 0; k < ${count}; k++) {
      sum += weights[this.thread.y][k] * directions[k][this.thread.x];
    }
    return sum;
  }`;
}

/** Entry (0, x): the largest entry of the directions in column x, by size. */
export function largestSource(count: number): string {
  return `function (directions) {
    var largest = 0.0;
    for (var k = 0; k < ${count}; k++) {
      largest = Math.max(largest, Math.abs(directions[k][this.thread.x]));
    }
    return largest;
  }`;
}

const beginning = `var x = this.thread.x;
    var begin = starts[this.thread.y];
    var end = starts[this.thread.y + 1];
    var a = rule[0];
    var s = rule[1];
    var epsilon = rule[2];
    var m = first[x];
    var r = second[x];
    var sum = 0.0;
    for (var i = begin; i < end; i += 1) {
      var g = gradients[i][x];
      var side = s * Math.abs(g);
      var large = Math.max(r, side);
      var part = Math.min(r, side) / Math.max(large, 1e-37);
      var root = large * Math.sqrt(1.0 + part * part);
      var below = root + epsilon;
      var above = m + a * g;`;

/** Entry (y, x): `|mean of u|` over the rows of group y. */
export const scoreSource: string = `function (gradients, first, second, starts, rule) {
    ${beginning}
      sum += above / below;
    }
    return Math.abs(sum) / Math.max(1.0, end - begin);
  }`;

/**
 * Entry (y, x): a bound of how far that score is from the one on the CPU, 1e30 where there is none.
 *
 * The gradient is off by at most `delta`. While `s delta` is below half of the denominator, u changes by at most the bound of its
 * derivative, `(a (r^2 / root + epsilon) + |first| s) / denominator^2` at the near end of the interval, times delta. Rounding of the
 * sum above, of the quotient and of the sum over the rows comes on top. Everything is scaled so that the largest gradient is near 1: what
 * float32 loses near 1e-37 is lost below the 1e-30 that counts as nothing.
 */
export const slackSource: string = `function (gradients, first, second, starts, rule, noise, largest) {
    ${beginning}
      var size = Math.abs(g);
      var delta = rule[3] * size + noise[i] * largest[0][x] + 1e-37;
      var near = Math.max(below - s * delta, 1e-37);
      var steep = Math.min(1.0, r / Math.max(root - s * delta, 1e-37));
      var slope = (a * (r * steep + epsilon) + Math.abs(m) * s) / near;
      var slack = slope * (delta / near) + rule[4] * ((Math.abs(m) + a * size) / below) + rule[5] * Math.abs(above / below);
      if (below < 2.0 * s * delta + 1e-30) {
        slack = 1e30;
      }
      sum += slack;
    }
    return sum / Math.max(1.0, end - begin);
  }`;
