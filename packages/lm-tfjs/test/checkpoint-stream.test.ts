import { describe, expect, it } from "vitest";
import { encodeSafetensors, streamSafetensors } from "../src/checkpoint/encode-safetensors.ts";
import type { NamedArray } from "../src/checkpoint/named-array.ts";

describe("streamSafetensors", () => {
  const tensors = new Map<string, NamedArray>([
    ["b", { shape: [2], data: Float32Array.of(1, 2) }],
    ["a", { shape: [1, 3], data: Float32Array.of(3, 4, 5) }],
  ]);
  const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
  const tensor = (name: string): NamedArray => tensors.get(name) ?? { shape: [], data: new Float32Array() };

  it("writes the same bytes as encodeSafetensors, reading a tensor when its turn comes", async () => {
    const order: string[] = [];
    const pieces: Uint8Array[] = [];
    for await (const piece of streamSafetensors(shapes, async (name) => {
      order.push(`read ${name}`);
      return tensor(name);
    })) {
      order.push("piece");
      pieces.push(piece);
    }
    expect(order).toEqual(["piece", "read a", "piece", "read b", "piece"]);
    expect(Buffer.concat(pieces)).toEqual(Buffer.concat(encodeSafetensors(tensors)));
  });

  it("refuses a tensor that is not finite, or of another length than it said", async () => {
    const drain = async (bad: NamedArray): Promise<void> => {
      for await (const _ of streamSafetensors(shapes, async () => bad));
    };
    await expect(drain({ shape: [1, 3], data: Float32Array.of(1, 2, NaN) })).rejects.toThrow(
      new RangeError('encodeSafetensors: "tensors" must be finite, got NaN at "a", entry 2'),
    );
    await expect(drain({ shape: [1], data: Float32Array.of(1) })).rejects.toThrow(
      new RangeError(
        'encodeSafetensors: "tensors" must be as long as their shapes say, got 1 entries for [1, 3] at "a"',
      ),
    );
  });
});
