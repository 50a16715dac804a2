import type { AdamState } from "@colm/adam-normalize";

/** Bytes of the arrays of a history; none where two numbers hold it. */
export function historyBytes(history: AdamState | null): number {
  return history?.kind === "dense" ? history.m.byteLength + history.v.byteLength : 0;
}
