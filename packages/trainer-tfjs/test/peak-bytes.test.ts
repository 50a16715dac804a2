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

  it("counts data once, however many tensors look at it", () => {
    const bytes = trackPeakBytes();
    const base = bytes.peak();
    const x = tf.zeros([8, 32]);
    const views = [tf.reshape(x, [256]), tf.clone(x)];
    expect(bytes.peak() - base).toBe(1024);
    // the engine's own count has each tensor
    expect(tf.memory().numBytes - base).toBe(3072);
    x.dispose();
    bytes.reset();
    expect(bytes.peak() - base).toBe(1024);
    tf.dispose(views);
    bytes.reset();
    expect(bytes.peak()).toBe(base);
    bytes.dispose();
  });

  it("agrees with the profiler's own peak where no tensor is looked at twice", async () => {
    const bytes = trackPeakBytes();
    const profile = await tf.profile(() => tf.tidy(() => tf.square(tf.add(tf.ones([32, 16]), 1))));
    expect(bytes.peak()).toBe(profile.peakBytes);
    bytes.dispose();
  });

  it("overlaps with others in any order, and takes its hook out with the last", () => {
    const before = [tf.engine().trackTensor, tf.engine().removeDataId];
    const first = trackPeakBytes();
    const second = trackPeakBytes();
    first.dispose();
    const third = trackPeakBytes();
    const base = second.peak();
    tf.zeros([64]).dispose();
    expect([first.peak() - base, second.peak() - base, third.peak() - base]).toEqual([0, 256, 256]);
    second.dispose();
    third.dispose();
    first.dispose();
    expect([tf.engine().trackTensor, tf.engine().removeDataId]).toEqual(before);
    expect(tf.engine().trackTensor).toBe(before[0]);
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
