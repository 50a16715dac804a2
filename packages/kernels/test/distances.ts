import type { Matrix } from "@colm/array";
import type { DistanceMetric } from "../src/index.ts";

/** The distances of all pairs of points in float64, from their definitions. */
export function distances(points: Matrix, metric: DistanceMetric): number[][] {
  const [n, d] = points.shape;
  const rows = Array.from({ length: n }, (_, i) => Array.from({ length: d }, (_, k) => points.get(i, k)));
  return rows.map((a) => rows.map((b) => distance(a, b, metric)));
}

function distance(a: number[], b: number[], metric: DistanceMetric): number {
  if (metric === "l1") return sum(a.map((value, k) => Math.abs(value - b[k])));
  if (metric === "l2") return Math.sqrt(sum(a.map((value, k) => (value - b[k]) ** 2)));
  return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function dot(a: number[], b: number[]): number {
  return sum(a.map((value, k) => value * b[k]));
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
