import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { trackPeakBytes } from "../src/index.ts";

describe("trackPeakBytes", () => {
  it("is the most bytes held at one moment, not the sum", async () => {
    await tf.setBackend("cpu");
    const base = tf.memory().numBytes;
    const bytes = trackPeakBytes();
    tf.zeros([256]).dispose();
    tf.zeros([128]).dispose();
    expect(bytes.peak() - base).toBe(1024);
    bytes.reset();
    expect(bytes.peak()).toBe(base);
    tf.zeros([128]).dispose();
    expect(bytes.peak() - base).toBe(512);
    bytes.dispose();
    tf.zeros([1024]).dispose();
    expect(bytes.peak() - base).toBe(512);
  });

  it("agrees with the profiler's own peak", async () => {
    const work = (): tf.Tensor => {
      const [a, b] = [tf.ones([32, 16]), tf.ones([16, 8])];
      return tf.tidy(() => tf.sum(tf.square(tf.matMul(a, b))));
    };
    const bytes = trackPeakBytes();
    const profile = await tf.profile(() => work());
    expect(profile.result).toBeInstanceOf(tf.Tensor);
    expect(bytes.peak()).toBe(profile.peakBytes);
    bytes.dispose();
  });

  it("nests, and takes its hook out again", () => {
    const before = tf.engine().trackTensor;
    const outer = trackPeakBytes();
    const inner = trackPeakBytes();
    tf.zeros([64]).dispose();
    inner.dispose();
    inner.dispose();
    tf.zeros([256]).dispose();
    expect(outer.peak() - inner.peak()).toBe(768);
    outer.dispose();
    expect(tf.engine().trackTensor).toBe(before);
  });
});
