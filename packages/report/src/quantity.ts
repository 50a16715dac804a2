/** What stands in a table where nothing was measured. */
export const absent = "–";

/** A loss in nats, three digits behind the point. */
export function loss(value: number | null): string {
  return value === null ? absent : value.toFixed(3);
}

/** A share as a percentage, one digit behind the point. */
export function percent(value: number | null): string {
  return value === null ? absent : `${(100 * value).toFixed(1)} %`;
}

/** A difference of shares, in points of a percentage. */
export function percentPoints(value: number): string {
  return `${(100 * value).toFixed(1)} points`;
}

/** Seconds with about three digits; above two minutes in minutes. */
export function seconds(value: number | null): string {
  if (value === null) return absent;
  if (value >= 120) return `${(value / 60).toFixed(1)} min`;
  if (value >= 10 || value === 0) return `${value.toFixed(value === 0 ? 0 : 1)} s`;
  return value >= 1 ? `${value.toFixed(2)} s` : `${(1000 * value).toFixed(value >= 0.1 ? 0 : 1)} ms`;
}

/** Bytes in powers of 1000. */
export function bytes(value: number | null): string {
  if (value === null) return absent;
  const { unit, size } = byteUnit(value);
  const scaled = value / size;
  return `${size === 1 || scaled >= 100 ? scaled.toFixed(0) : scaled.toFixed(1)} ${unit}`;
}

/** The largest unit of which `value` bytes are at least one, and its size in bytes. */
export function byteUnit(value: number): { readonly unit: string; readonly size: number } {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = value < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  return { unit: units[power], size: 1000 ** power };
}

/** A difference with its sign. */
export function signed(text: string, value: number): string {
  return value > 0 ? `+${text}` : text.replace("-", "−");
}
