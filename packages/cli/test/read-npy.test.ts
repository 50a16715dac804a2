import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputError } from "../src/input-error.ts";
import { readNpy } from "../src/select/read-npy.ts";
import { npyBytes, npyDictionary } from "./npy-bytes.ts";

const read = (bytes: Uint8Array) => readNpy("x.npy", bytes);
const pair = Float32Array.of(1, 2);
const good = npyDictionary("<f4", [2]);

describe("readNpy", () => {
  it("reads the bytes that numpy.save writes for np.array([[1, 2, 3]], '<f4')", () => {
    // 10 + 118 bytes of header: numpy pads to 128
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }".padEnd(117);
    const bytes = Buffer.concat([
      Buffer.from("934e554d50590100", "hex"),
      Buffer.from([118, 0]),
      Buffer.from(`${text}\n`),
      Buffer.from("0000803f0000004000004040", "hex"),
    ]);
    expect(read(bytes)).toEqual({ shape: [1, 3], fortranOrder: false, data: Float32Array.of(1, 2, 3) });
  });

  it("reads versions 1.0, 2.0 and 3.0 alike", () => {
    for (const version of [1, 2, 3]) {
      expect(read(npyBytes(good, pair, version))).toEqual({ shape: [2], fortranOrder: false, data: pair });
    }
  });

  it("reads every type, at any offset in memory", () => {
    const arrays = {
      "<f4": Float32Array.of(-0.5, 3),
      "<f8": Float64Array.of(0.1, 1e300),
      "|i1": Int8Array.of(-1, 2),
      "|u1": Uint8Array.of(255, 2),
      "<i2": Int16Array.of(-300, 2),
      "<u2": Uint16Array.of(65535, 2),
      "<i4": Int32Array.of(-70000, 2),
      "<u4": Uint32Array.of(4294967295, 2),
      "<i8": BigInt64Array.of(-1n, 2n ** 62n),
      "<u8": BigUint64Array.of(2n ** 64n - 1n, 2n),
    };
    for (const [descr, data] of Object.entries(arrays)) {
      const bytes = npyBytes(npyDictionary(descr, [2]), data);
      const shifted = new Uint8Array(bytes.length + 1);
      shifted.set(bytes, 1);
      expect(read(bytes).data).toEqual(data);
      expect(read(shifted.subarray(1)).data).toEqual(data);
    }
  });

  it("reads scalars, empty arrays, Fortran order, and the dictionary in any order and spacing", () => {
    expect(read(npyBytes(npyDictionary("<f4", []), Float32Array.of(7))).shape).toEqual([]);
    expect(read(npyBytes(npyDictionary("<f8", [0, 3]), new Float64Array(0))).shape).toEqual([0, 3]);
    expect(read(npyBytes(npyDictionary("<f4", [1, 2], true), pair)).fortranOrder).toBe(true);
    const other = `{"shape":(1,2),"fortran_order":True,"descr":"<f4"}`;
    expect(read(npyBytes(other, pair))).toEqual({ shape: [1, 2], fortranOrder: true, data: pair });
  });

  it("copies: the file's bytes and the array share nothing", () => {
    const bytes = npyBytes(good, pair);
    const { data } = read(bytes);
    bytes.fill(0);
    expect(data).toEqual(pair);
  });
});

describe("a .npy file that lies is refused with one line", () => {
  const refused = (name: string, bytes: Uint8Array, message: string): void =>
    it(name, () => {
      expect(() => read(bytes)).toThrow(inputError(message));
      expect(message).not.toContain("\n");
    });
  const changed = (at: number, byte: number, version = 1): Uint8Array => {
    const bytes = npyBytes(good, pair, version);
    bytes[at] = byte;
    return bytes;
  };
  const described = (dictionary: string, name = dictionary): void =>
    refused(
      `dictionary ${name}`,
      npyBytes(dictionary, pair),
      `"x.npy" must describe one plain array by descr, fortran_order and shape, got ${JSON.stringify(dictionary.trim())}`,
    );
  const typed = (descr: string): void =>
    refused(
      `type ${descr}`,
      npyBytes(npyDictionary(descr, [2]), pair),
      `"x.npy" must hold little-endian float32, float64 or integers (array.astype("<f4") makes them), got "${descr}"`,
    );

  refused(
    "no bytes",
    new Uint8Array(),
    '"x.npy" must begin as a .npy file does, got 0 bytes that begin otherwise',
  );
  refused(
    "another magic",
    changed(1, 0x6e),
    '"x.npy" must begin as a .npy file does, got 136 bytes that begin otherwise',
  );
  refused("version 0", changed(6, 0), '"x.npy" must be a .npy file of version 1.0, 2.0 or 3.0, got 0.0');
  refused("version 4", changed(6, 4), '"x.npy" must be a .npy file of version 1.0, 2.0 or 3.0, got 4.0');
  refused("version 1.1", changed(7, 1), '"x.npy" must be a .npy file of version 1.0, 2.0 or 3.0, got 1.1');
  refused(
    "a header beyond the file",
    changed(9, 0xff),
    '"x.npy" must contain its own header, got a header of 65398 bytes in a file of 136',
  );
  refused(
    "a header of 4 GB",
    changed(11, 0xff, 2),
    '"x.npy" must contain its own header, got a header of 4278190196 bytes in a file of 136',
  );
  refused(
    "a file of version 2 that ends in its header's length",
    npyBytes(good, pair, 2).subarray(0, 11),
    '"x.npy" must contain its own header, got a file of 11 bytes',
  );
  refused(
    "data cut off",
    npyBytes(good, pair).subarray(0, -1),
    '"x.npy" must have the 8 bytes that <f4 (2) takes, got 7',
  );
  refused(
    "data too long",
    npyBytes(good, new Float32Array(3)),
    '"x.npy" must have the 8 bytes that <f4 (2) takes, got 12',
  );
  refused(
    "a shape beyond all memory",
    npyBytes(npyDictionary("<f4", [1e9, 1e9]), pair),
    '"x.npy" must have the 4000000000000000000 bytes that <f4 (1000000000, 1000000000) takes, got 8',
  );
  for (const descr of [">f4", "<f2", "=f4", "|f4", "<c8", "|b1", "|O", "<U3", "f4", ""]) typed(descr);
  described("[1, 2]");
  described("{'descr': '<f4', 'fortran_order': False}", "without a shape");
  described("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }");
  described("{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,), }");
  described("{'descr': '<f4', 'fortran_order': False, 'shape': '2', }");
  described("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }");
  described("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }");
  described("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "with a name twice");
  described("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': True, }");
  described("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } + f()");

  it("and never anything but one line, whatever bytes are changed", () => {
    const change = fc.array(fc.tuple(fc.nat(135), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(change, (changes) => {
        const bytes = npyBytes(good, pair);
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          expect(read(bytes).data.byteLength).toBe(8);
        } catch (error) {
          expect(error).toMatchObject({ name: "InputError", message: expect.not.stringContaining("\n") });
        }
      }),
    );
  });
});
