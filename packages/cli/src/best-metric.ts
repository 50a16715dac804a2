import type { Example } from "@colm/data";
import { inputError } from "./input-error.ts";

/**
 * Refuses a mean that the held-out examples do not have, which the first evaluation would come upon.
 *
 * @param metric - What `--metric-for-best-model` names; undefined where it was not given.
 * @param heldOut - Undefined without `--validation`: there are no evaluations then.
 * @param small - The small sources; undefined where they are still to be made by clustering.
 * @throws {Error} With the sources that there are. One line, for the user.
 */
export function requireMetric(
  metric: string | undefined,
  heldOut: readonly Example[] | undefined,
  small: readonly string[] | undefined,
): void {
  if (metric === undefined || heldOut === undefined) return;
  const names = [...new Set(heldOut.map(({ source }) => source))].sort();
  const known = names.join(", ");
  const name = /^source:(.+)$/s.exec(metric)?.[1];
  if (name !== undefined && !names.includes(name)) {
    throw inputError(
      `--metric-for-best-model must name a source of the held-out rows (${known}), got "${metric}"`,
    );
  }
  if (metric === "small" && small?.every((source) => !names.includes(source))) {
    throw inputError(
      `--metric-for-best-model must be a mean that the held-out rows have, got "small" where none of their sources (${known}) is small`,
    );
  }
}
