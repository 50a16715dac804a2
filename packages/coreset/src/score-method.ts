import { type Method, NOTHING } from "./method.ts";
import { type SplitRule, splitKept } from "./split-kept.ts";
import type { ScoreMethod } from "./subset-problem.ts";

/** Settings of a method by scores after their checks. */
export interface ScoreRule extends SplitRule {
  readonly knownSources: number | undefined;
}

/** Examples of small sources, and of the others those with the numbers that the method takes. */
export function scoreMethod({ reads, takes }: ScoreMethod, rule: ScoreRule): Method {
  return {
    needs: { ...NOTHING, [reads]: true, sources: rule.knownSources !== undefined },
    every: 1,
    knownSources: rule.knownSources,
    choose({ pool, step, count, history, stages }) {
      const { kept, overflowed, rest } = splitKept(pool, rule, count, step);
      const taken = stages.run("choice", () => {
        const values = pool[reads] ?? new Float64Array(0);
        const rising = rest.toSorted((a, b) => values[a] - values[b] || a - b);
        const wanted = count - kept.length;
        if (takes === "lowest") return rising.subarray(0, wanted);
        if (takes === "highest") {
          return rest.toSorted((a, b) => values[b] - values[a] || a - b).subarray(0, wanted);
        }
        const begin = Math.floor((rising.length - wanted) / 2);
        return rising.subarray(begin, begin + wanted);
      });
      return {
        rows: Int32Array.of(...kept, ...taken),
        weights: new Float32Array(count).fill(1),
        history,
        kept: kept.length,
        overflowed,
      };
    },
  };
}
