const units: readonly (readonly [suffix: RegExp, show: (value: number) => readonly [string, string]])[] = [
  [/_ms$/, (value) => [decimals(value), "ms"]],
  [/_(s|seconds)$/, (value) => [decimals(value), "s"]],
  [/_bytes$/, bytes],
  [/_gflops$/, (value) => [decimals(value), "GFLOP/s"]],
  [/_(ratio|over_model)$/, (value) => [decimals(value), "x"]],
];

/** Named figures as an aligned table; the unit follows from the end of the name. */
export function table(figures: Record<string, number>): string {
  const rows = Object.entries(figures).map(([name, value]) => {
    const [text, unit] = show(name, value);
    return { name, text, unit };
  });
  const nameWidth = Math.max(0, ...rows.map((row) => row.name.length));
  const textWidth = Math.max(0, ...rows.map((row) => row.text.length));
  return rows
    .map((row) => `${row.name.padEnd(nameWidth)}  ${row.text.padStart(textWidth)} ${row.unit}`.trimEnd())
    .join("\n");
}

function show(name: string, value: number): readonly [string, string] {
  for (const [suffix, format] of units) if (suffix.test(name)) return format(value);
  return [Number.isInteger(value) ? String(value) : decimals(value), ""];
}

function bytes(value: number): readonly [string, string] {
  if (Math.abs(value) >= 1e9) return [decimals(value / 1e9), "GB"];
  if (Math.abs(value) >= 1e6) return [decimals(value / 1e6), "MB"];
  if (Math.abs(value) >= 1e3) return [decimals(value / 1e3), "kB"];
  return [String(value), "B"];
}

/** Three or four significant digits without an exponent where the number is of ordinary size. */
function decimals(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  if (size >= 100) return value.toFixed(1);
  if (size >= 10) return value.toFixed(2);
  if (size >= 0.01 || value === 0) return value.toFixed(3);
  return value.toPrecision(3);
}
