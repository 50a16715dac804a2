import type { Matrix } from "@colm/array";
import { facilityLocation, maximize } from "@colm/submodular";
import { startArrayMeter } from "../array-meter.ts";

/** Peak bytes that greedy holds beside the similarities that it is given, over theirs. */
export async function extraBytesRatio(s: Matrix, count: number): Promise<number> {
  const meter = startArrayMeter();
  try {
    return (
      (await meter.peak(async () => maximize(facilityLocation(s), { count }))) / (4 * s.shape[0] * s.shape[1])
    );
  } finally {
    meter.stop();
  }
}
