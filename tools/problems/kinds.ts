import { arithmetic } from "./kinds/arithmetic.ts";
import { binary } from "./kinds/binary.ts";
import { change } from "./kinds/change.ts";
import { clock } from "./kinds/clock.ts";
import { comparison } from "./kinds/comparison.ts";
import { counting } from "./kinds/counting.ts";
import { roman } from "./kinds/roman.ts";
import { sequence } from "./kinds/sequence.ts";
import { sorting } from "./kinds/sorting.ts";
import { units } from "./kinds/units.ts";
import { weekday } from "./kinds/weekday.ts";
import { wordProblem } from "./kinds/word-problem.ts";
import type { Kind } from "./problem.ts";

/** The twelve sources of the mixture, the most frequent one first; a kind's place is its stream of draws. */
export const KINDS: readonly { readonly source: string; readonly kind: Kind }[] = [
  { source: "arithmetic", kind: arithmetic },
  { source: "comparison", kind: comparison },
  { source: "sequence", kind: sequence },
  { source: "word-problem", kind: wordProblem },
  { source: "counting", kind: counting },
  { source: "sorting", kind: sorting },
  { source: "units", kind: units },
  { source: "clock", kind: clock },
  { source: "change", kind: change },
  { source: "weekday", kind: weekday },
  { source: "roman", kind: roman },
  { source: "binary", kind: binary },
];
