import { permutation } from "@colm/array";
import { stepSeed } from "./step-seed.ts";

/** The first `count` of some rows in the random order of a step. */
export function drawRows(rows: Int32Array, count: number, seed: number, step: number): Int32Array {
  const order = permutation(rows.length, { seed: stepSeed(seed, step, "examples") });
  return order.subarray(0, count).map((at) => rows[at]);
}
