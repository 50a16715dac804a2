/** The largest number of IEEE 754 binary16, and the one that rounds to infinity. */
const LARGEST = 65504;
const OVERFLOW = 65520;

/**
 * Numbers rounded to IEEE 754 binary16 (1 sign, 5 exponent and 10 fraction bits), ties to even, two in each word: the first in its lower half.
 *
 * @param data - An even number of them.
 * @throws {RangeError} If one does not fit: `caller` and `name` say whose weight it is.
 */
export function encodeHalves(caller: string, name: string, data: Float32Array): Int32Array {
  const halves = new Uint16Array(data.length);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < data.length; i++) {
    if (!(Math.abs(data[i]) < OVERFLOW)) {
      throw new RangeError(
        `${caller}: "weights" must be "float32" for a model with entries beyond ${LARGEST}, got ${data[i]} in ${name}`,
      );
    }
    halves[i] = ((bits[i] >>> 16) & 0x8000) | magnitude(bits[i] & 0x7fffffff);
  }
  return new Int32Array(halves.buffer);
}

/** The numbers that such words hold. */
export function decodeHalves(words: ArrayLike<number>): Float32Array {
  const data = new Float32Array(2 * words.length);
  for (let i = 0; i < words.length; i++) {
    data[2 * i] = widened(words[i] & 0xffff);
    data[2 * i + 1] = widened(words[i] >>> 16);
  }
  return data;
}

/** Half of a float32 without sign: its lowest 13 bits are rounded away, and the exponent's bias goes from 127 to 15. */
function magnitude(bits: number): number {
  const exponent = bits >>> 23;
  if (exponent >= 113) return roundedShift(bits - (112 << 23), 13);
  // below 2^-14 the numbers are multiples of 2^-24, without the leading 1
  return exponent < 101 ? 0 : roundedShift((bits & 0x7fffff) | 0x800000, 126 - exponent);
}

/** `bits / 2^count`, rounded to nearest, ties to even. */
function roundedShift(bits: number, count: number): number {
  const whole = bits >>> count;
  const rest = bits - whole * 2 ** count;
  const half = 2 ** (count - 1);
  return rest > half || (rest === half && (whole & 1) === 1) ? whole + 1 : whole;
}

function widened(half: number): number {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return half < 0x8000 ? size : -size;
}
