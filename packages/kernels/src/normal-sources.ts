/*
 * Kernels that draw: Philox4x32-10 and the normals of `normal` of `@colm/array`, entry x of row y a function of position and
 * stream alone.
 *
 * A word is two halves of 16 bits, held in float32, whose whole numbers are exact to 2^24: products are of 8 with 16 bits, and no
 * sum below passes 2^24. So the words have the same bits on every back end, without any integers but those that the exclusive or makes
 * of its sides, whose text the back end gives. Salmon, Moraes, Dror & Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (2011), sec. 3.3.
 *
 * `counters[y]` holds the halves of the counter of the row's first block, low before high, `keys[round]` those of the two words of the
 * key in that round.
 */

/** The text of an expression made of two others. */
export type Combine = (a: string, b: string) => string;

/** What is left over of a whole number is dropped after so many halvings. */
const SHIFT_8 = "0.00390625";
const SHIFT_16 = "0.0000152587890625";

/** `NAMEh` and `NAMEl`, the halves of the product of 16 bits of a constant and the half `c`. */
function halfProduct(name: string, constant: number, c: string): string {
  return `var ${name}b = ${constant >>> 8}.0 * ${c};
      var ${name}u = Math.floor(${name}b * ${SHIFT_8});
      var ${name}s = ${constant & 255}.0 * ${c} + 256.0 * (${name}b - 256.0 * ${name}u);
      var ${name}v = Math.floor(${name}s * ${SHIFT_16});
      var ${name}h = ${name}u + ${name}v;
      var ${name}l = ${name}s - 65536.0 * ${name}v;`;
}

/** `NAME0` to `NAME3`, the halves of the product of a constant word and the word of the halves `high` and `low`, lowest first. */
function wordProduct(name: string, constant: number, high: string, low: string): string {
  return `${halfProduct(`${name}p`, constant & 0xffff, low)}
      ${halfProduct(`${name}q`, constant & 0xffff, high)}
      ${halfProduct(`${name}r`, constant >>> 16, low)}
      ${halfProduct(`${name}t`, constant >>> 16, high)}
      var ${name}x = ${name}ph + ${name}ql + ${name}rl;
      var ${name}y = Math.floor(${name}x * ${SHIFT_16});
      var ${name}z = ${name}qh + ${name}rh + ${name}tl + ${name}y;
      var ${name}w = Math.floor(${name}z * ${SHIFT_16});
      var ${name}0 = ${name}pl;
      var ${name}1 = ${name}x - 65536.0 * ${name}y;
      var ${name}2 = ${name}z - 65536.0 * ${name}w;
      var ${name}3 = ${name}th + ${name}w;`;
}

/** Halves `l0 h0 ... l3 h3` of the four words of the block of this thread, and its `lane` in the block. */
const words = (xor: Combine): string => `var x = this.thread.x;
    var block = Math.floor(x * 0.25);
    var lane = x - 4.0 * block;
    var over = Math.floor(block * ${SHIFT_16});
    var l0 = counters[this.thread.y][0] + block - 65536.0 * over;
    var carry = Math.floor(l0 * ${SHIFT_16});
    l0 -= 65536.0 * carry;
    var h0 = counters[this.thread.y][1] + over + carry;
    carry = Math.floor(h0 * ${SHIFT_16});
    h0 -= 65536.0 * carry;
    var l1 = counters[this.thread.y][2] + carry;
    carry = Math.floor(l1 * ${SHIFT_16});
    l1 -= 65536.0 * carry;
    var h1 = counters[this.thread.y][3] + carry;
    var l2 = counters[this.thread.y][4];
    var h2 = counters[this.thread.y][5];
    var l3 = counters[this.thread.y][6];
    var h3 = counters[this.thread.y][7];
    for (var round = 0; round < 10; round++) {
      ${wordProduct("a", 0xd2511f53, "h0", "l0")}
      ${wordProduct("b", 0xcd9e8d57, "h2", "l2")}
      h0 = ${xor(xor("b3", "h1"), "keys[round][1]")};
      l0 = ${xor(xor("b2", "l1"), "keys[round][0]")};
      h1 = b1;
      l1 = b0;
      h2 = ${xor(xor("a3", "h3"), "keys[round][3]")};
      l2 = ${xor(xor("a2", "l3"), "keys[round][2]")};
      h3 = a1;
      l3 = a0;
    }`;

/** Entry (y, x): one half of word `x mod 4` of block `x div 4`. */
export function halfWordSource(half: "low" | "high", xor: Combine): string {
  const name = half === "low" ? "l" : "h";
  return `function (counters, keys) {
    ${words(xor)}
    var out = ${name}0;
    if (lane > 0.5) {
      out = ${name}1;
    }
    if (lane > 1.5) {
      out = ${name}2;
    }
    if (lane > 2.5) {
      out = ${name}3;
    }
    return out;
  }`;
}

/**
 * Entry (y, x): the normal draw. As `normal` of `@colm/array` computes it (Box & Muller 1958, words (0, 1) and (2, 3) of a block),
 * in float32: the logarithm near 1 from what is missing to 1, which is exact, the angle from its distance to the middle of its
 * quarter, so that no digits cancel.
 */
export function normalSource(xor: Combine): string {
  return `function (counters, keys) {
    ${words(xor)}
    var rh = h0;
    var rl = l0;
    var ah = h1;
    var al = l1;
    if (lane > 1.5) {
      rh = h2;
      rl = l2;
      ah = h3;
      al = l3;
    }
    var exponent = 0.0;
    var s = 0.0;
    if (rh > 46340.5) {
      var missing = ((65535.0 - rh) * 65536.0 + (65535.0 - rl)) * 2.3283064365386963e-10;
      s = -missing / (2.0 - missing);
    } else {
      var m = (rh * 65536.0 + (rl + 1.0)) * 2.3283064365386963e-10;
      if (m < 0.0000152587890625) {
        m *= 65536.0;
        exponent -= 16.0;
      }
      if (m < 0.00390625) {
        m *= 256.0;
        exponent -= 8.0;
      }
      if (m < 0.0625) {
        m *= 16.0;
        exponent -= 4.0;
      }
      if (m < 0.25) {
        m *= 4.0;
        exponent -= 2.0;
      }
      if (m < 0.5) {
        m *= 2.0;
        exponent -= 1.0;
      }
      if (m < 0.70710678) {
        m *= 2.0;
        exponent -= 1.0;
      }
      s = (m - 1.0) / (m + 1.0);
    }
    var t = s * s;
    var series = 1.0 + t * (0.3333333333333333 + t * (0.2 + t * (0.14285714285714285 + t * (0.1111111111111111 + t * 0.09090909090909091))));
    var logarithm = exponent * 0.6931471805599453 + 2.0 * s * series;
    var radius = Math.sqrt(-2.0 * logarithm);
    var quarter = Math.floor(ah * 0.00006103515625);
    var angle = 1.5707963267948966 * (((ah - 16384.0 * quarter - 8192.0) * 65536.0 + al) * 9.313225746154785e-10);
    var square = angle * angle;
    var sine = angle * (1.0 + square * (-0.16666666666666666 + square * (0.008333333333333333 + square * (-0.0001984126984126984 + square * 0.0000027557319223985893))));
    var cosine = 1.0 + square * (-0.5 + square * (0.041666666666666664 + square * (-0.001388888888888889 + square * (0.0000248015873015873 - square * 2.7557319223985888e-7))));
    var turn = quarter - (lane - 2.0 * Math.floor(lane * 0.5));
    var out = cosine;
    if (turn < -0.5) {
      out = sine;
    }
    if (turn > 0.5) {
      out = -sine;
    }
    if (turn > 1.5) {
      out = -cosine;
    }
    if (turn > 2.5) {
      out = sine;
    }
    return radius * out;
  }`;
}
