import type { Choice, RunMode, Term } from "./choice.ts";
import type { Clock } from "./clock.ts";
import { type Call, type Candidate, type Contest, compete } from "./contest.ts";
import { firstRounds } from "./greedy-problem.ts";
import { firstPart, sizeOf } from "./stream-problem.ts";
import type { ColumnTerm, Sums } from "./sums.ts";

/** Sums that choose where they run. */
export interface AutoSums extends Sums {
  /** Where the latest call ran; before the first, the functions of the CPU. */
  readonly mode: RunMode;
  /** What was measured so far, in order. */
  readonly choices: readonly Choice[];
}

/** On so many rows the modes of the processor, which no size favours, are compared with one another. */
const sampleRows = 128;
/** The same for the coordinates of the stream, of which there may be millions. */
const sampleCoordinates = 2 ** 14;
/** The same for the rounds of a greedy run. */
const sampleRounds = 16;

/**
 * Sums on the fastest of the candidates, found by measuring when a kind of sum and a class of shapes first come up: those
 * `onProcessor` on the first 128 rows (and 16,384 coordinates of the stream), then the fastest of them against those `onGraphics` on the whole call.
 */
export function autoSums(
  onProcessor: readonly Candidate[],
  onGraphics: readonly Candidate[],
  clock: Clock,
): AutoSums {
  const winners = new Map<string, Candidate>();
  const choices: Choice[] = [];
  let mode: RunMode = "plain";
  // measurements must not disturb one another, nor be disturbed
  let turn: Promise<unknown> = Promise.resolve();

  const decide = async (
    term: Term,
    rows: number,
    cols: number,
    detail: Pick<Choice, "directions" | "rounds">,
    call: Call,
    sample: Call,
  ): Promise<Float32Array> => {
    const upTo = [classOf(rows), classOf(cols)] as const;
    const key = `${term} ${upTo} ${detail.directions} ${detail.rounds}`;
    const known = winners.get(key);
    if (known !== undefined) {
      mode = known.mode;
      return call(known.sums);
    }
    const first = await compete(onProcessor, sample, clock);
    const take = (
      winner: Candidate,
      onWhole: Contest["milliseconds"],
      failures: Contest["failures"],
    ): void => {
      winners.set(key, winner);
      mode = winner.mode;
      const onSample = first.milliseconds;
      choices.push({
        term,
        upTo,
        ...detail,
        mode,
        onSample,
        onWhole,
        failures: { ...first.failures, ...failures },
      });
    };
    if (onGraphics.length === 0) {
      take(first.winner, {}, {});
      return call(first.winner.sums);
    }
    const whole = await compete([first.winner, ...onGraphics], call, clock);
    take(whole.winner, whole.milliseconds, whole.failures);
    return whole.result;
  };
  const inTurn = (work: () => Promise<Float32Array>): Promise<Float32Array> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    get mode() {
      return mode;
    },
    get choices() {
      return choices.slice();
    },
    pairs(term, x, size, cols) {
      const few = Math.min(size, sampleRows);
      return inTurn(() =>
        decide(
          term,
          size,
          cols,
          {},
          (sums) => sums.pairs(term, x, size, cols),
          (sums) => sums.pairs(term, x.subarray(0, few * cols), few, cols),
        ),
      );
    },
    columns(term, table, column, cols) {
      const few = column.subarray(0, sampleRows);
      return inTurn(() =>
        decide(
          term,
          column.length,
          cols,
          {},
          (sums) => sums.columns(term, table, column, cols),
          (sums) => sums.columns(term, table.subarray(0, few.length * cols), few, cols),
        ),
      );
    },
    features(problem) {
      const { rows, dimension, directions } = sizeOf(problem.gradients);
      const part = firstPart(problem, sampleRows, sampleCoordinates);
      return inTurn(() =>
        decide(
          "features",
          rows,
          dimension,
          { directions },
          (sums) => sums.features(problem),
          (sums) => sums.features(part),
        ),
      );
    },
    hold(metric, x, size, cols) {
      const few = Math.min(size, sampleRows);
      // a table is held for the sake of its rounds
      const probe =
        (rows: number): Call =>
        async (sums) => {
          const held = await sums.hold(metric, x.subarray(0, rows * cols), rows, cols);
          let out = held.largest;
          for (let round = 0; round < sampleRounds; round++) out = await held.columns("fall", held.largest);
          await held.release();
          return out;
        };
      const held = turn.then(async () => {
        await decide("held", size, cols, {}, probe(size), probe(few));
        const winner = [...onProcessor, ...onGraphics].find((candidate) => candidate.mode === mode);
        if (winner === undefined) throw new Error(`no mode could hold the table, "${mode}" least of all`);
        const own = await winner.sums.hold(metric, x, size, cols);
        const asked = (call: () => Promise<Float32Array>): Promise<Float32Array> =>
          inTurn(() => {
            mode = winner.mode;
            return call();
          });
        return {
          ...own,
          columns: (term: ColumnTerm, column: Float32Array) => asked(() => own.columns(term, column)),
          row: (index: number) => asked(() => own.row(index)),
        };
      });
      turn = held.catch(() => undefined);
      return held;
    },
    greedy(problem) {
      const { rule, size, cols, count } = problem;
      const part = firstRounds(problem, sampleRows, sampleRounds);
      return inTurn(() =>
        decide(
          rule,
          size,
          cols,
          { rounds: classOf(count) },
          (sums) => sums.greedy(problem),
          (sums) => sums.greedy(part),
        ),
      );
    },
    normals(draws) {
      const { count, length } = draws;
      const part = {
        ...draws,
        count: Math.min(count, sampleRows),
        length: Math.min(length, sampleCoordinates),
      };
      return inTurn(() =>
        decide(
          "normals",
          count,
          length,
          {},
          (sums) => sums.normals(draws),
          (sums) => sums.normals(part),
        ),
      );
    },
    async dispose() {
      await turn;
      await Promise.all([...onProcessor, ...onGraphics].map(({ sums }) => sums.dispose()));
    },
  };
}

/** The power of two from which a size is not far: the least that is not below it. */
function classOf(size: number): number {
  return size <= 1 ? size : 2 ** Math.ceil(Math.log2(size));
}
