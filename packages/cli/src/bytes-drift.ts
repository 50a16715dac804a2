import type { StepEvent } from "@colm/trainer-tfjs";

/** Updates in a row, each beginning with more tensor bytes than the one before, that are a leak and no accident. */
const ROW = 8;

/**
 * Looks out for tensors that nobody frees: a function that is shown every update and answers with a warning by kind once the bytes held
 * between updates have grown `8` times in a row. A run of this library begins every update with the same bytes.
 */
export function bytesDrift(): (event: Pick<StepEvent, "stageBytes">) => [kind: string, text: string][] {
  let row = 0;
  let first = 0;
  let last = Number.POSITIVE_INFINITY;
  return ({ stageBytes: { held } }) => {
    if (held > last) {
      if (row === 0) first = last;
      row++;
    } else {
      row = 0;
    }
    last = held;
    if (row < ROW) return [];
    const grown = ((held - first) / 1e6).toFixed(1);
    return [
      ["growing", `tensors grow between updates, by ${grown} MB in the last ${row}: something is not freed`],
    ];
  };
}
