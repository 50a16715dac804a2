/** Milliseconds from some start on, in fractions where the platform has `performance`. */
export type Clock = () => number;

/** The finest clock that the platform has. */
export function platformClock(): Clock {
  const performance: unknown = Reflect.get(globalThis, "performance");
  return isPerformance(performance) ? () => performance.now() : () => Date.now();
}

function isPerformance(value: unknown): value is { now(): number } {
  return typeof value === "object" && value !== null && "now" in value && typeof value.now === "function";
}
