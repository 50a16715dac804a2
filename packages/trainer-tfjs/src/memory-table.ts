import { describe } from "@colm/array";
import type { MemoryBreakdown } from "./memory-breakdown.ts";

/**
 * A memory breakdown as a table: component, place, predicted bytes, measured bytes, their ratio.
 *
 * @param breakdown - From `memoryBreakdown` or `withMeasured`.
 * @param format - `"markdown"`, in mebibytes with types of layers, the training pass by micro-batch and the assumptions below, or `"csv"`, in bytes.
 * @returns The text; what was not measured is empty.
 * @throws {RangeError} If the format is unknown.
 */
export function memoryTable(breakdown: MemoryBreakdown, format: "markdown" | "csv"): string {
  const head = ["component", "where", "predicted", "measured", "predicted / measured"];
  const cells = (show: (bytes: number) => string): string[][] =>
    breakdown.rows.map(({ component, where, bytes, measured }) => [
      component,
      where,
      show(bytes),
      measured === undefined ? "" : show(measured),
      measured ? (bytes / measured).toFixed(3) : "",
    ]);
  if (format === "csv") return [head, ...cells(String)].map((row) => `${row.join(",")}\n`).join("");
  if (format !== "markdown") {
    throw new RangeError(`memoryTable: "format" must be "markdown" or "csv", got ${describe(format)}`);
  }
  const rows = cells((bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`);
  const lines = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  const choices = [
    ["micro-batch", "without checkpointing", "with checkpointing"],
    ["---", "---", "---"],
    ...[...new Set(breakdown.choices.map(({ microBatch }) => microBatch))].map((size) => [
      String(size),
      ...breakdown.choices
        .filter(({ microBatch }) => microBatch === size)
        .map(({ bytes }) => `${(bytes / 2 ** 20).toFixed(2)} MiB`),
    ]),
  ].map((row) => `| ${row.join(" | ")} |`);
  const layers = [
    ["layers", "weights", "adapter", "gradients", "optimizer"],
    ["---", "---", "---", "---", "---"],
    ...breakdown.layers.map(({ layer, weights, adapter, gradients, optimizer }) => [
      layer,
      ...[weights, adapter, gradients, optimizer].map((bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`),
    ]),
  ].map((row) => `| ${row.join(" | ")} |`);
  return [
    ...lines,
    "",
    "By type of layer:",
    "",
    ...layers,
    "",
    "Activations and gradients of the training pass:",
    "",
    ...choices,
    "",
    ...breakdown.assumptions.map((line) => `* ${line}`),
    "",
  ].join("\n");
}
