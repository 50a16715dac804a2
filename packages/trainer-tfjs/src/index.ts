export { accumulateGradients, type GradientSum } from "./accumulate.ts";
export { type AdamW, type AdamWOptions, type AdamWState, adamw, type NamedArrays } from "./adamw.ts";
export { clipByGlobalNorm, globalNorm } from "./clip.ts";
export { type PeakBytes, trackPeakBytes } from "./peak-bytes.ts";
export { constantSchedule, linearSchedule, type Schedule, type ScheduleOptions } from "./schedule.ts";
