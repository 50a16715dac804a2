import type { Evaluation, SourcesEvent, StepEvent, TrainRun } from "@colm/trainer-tfjs";
import { bytesDrift } from "./bytes-drift.ts";
import { clock, type Progress } from "./progress.ts";
import type { RunRecorder } from "./record-run.ts";

/** How {@link followRun} shows and records a run. */
export interface FollowOptions {
  readonly progress: Progress;
  readonly recorder: RunRecorder;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Measures exact matches beside each evaluation's losses; not asked once the run is stopped. */
  readonly matches: () => Promise<Evaluation | undefined>;
  /** Called once, before anything of the first event is used. */
  readonly onStart: () => Promise<void>;
  /** Called at each checkpoint, which stands complete. */
  readonly onCheckpoint: (folder: string) => Promise<void>;
}

/** Reads a run's events to their end, showing and recording them. Returns the last checkpoint's folder. */
export async function followRun(run: TrainRun, options: FollowOptions): Promise<string | undefined> {
  const { progress, recorder, now, matches, onStart, onCheckpoint } = options;
  let begin = now();
  let started = false;
  let first: number | undefined;
  let checkpoint: string | undefined;
  const drift = bytesDrift();
  const warned = new Set<string>();
  for await (const event of run) {
    if (!started) await onStart();
    started = true;
    if (event.type === "step") {
      recorder.step(event);
      first ??= event.step;
      const done = event.step - first + 1;
      const left = ((now() - begin) / done) * (event.steps - event.step);
      progress.show(stepLine(event, left / 1000), isMilestone(event));
      for (const [kind, text] of [...selectionWarnings(event), ...drift(event)]) {
        // once each: the record has the others
        if (!warned.has(kind)) progress.note(`step ${event.step}: warning: ${text}`);
        warned.add(kind);
      }
    } else if (event.type === "evaluate") {
      const { micro, macro } = event.evaluation;
      recorder.evaluation(event.step, event.evaluation, await matches(), event);
      progress.note(
        `step ${event.step}: held-out loss ${micro.toFixed(4)} (mean of sources ${macro.toFixed(4)})`,
      );
    } else if (event.type === "sources") {
      progress.note(sourcesLine(event));
      // the time left is that of updates
      begin += 1000 * event.seconds;
    } else if (event.type === "checkpoint") {
      checkpoint = event.folder;
      await onCheckpoint(event.folder);
    }
  }
  progress.done();
  return checkpoint;
}

/** What the selection gave reason to doubt, by kind. */
function selectionWarnings({ selection }: StepEvent): [string, string][] {
  const { warnings, distinctFeatures = 0, selected, kept } = selection.diagnostics;
  const byFeatures = selected.reduce((sum, count) => sum + count, 0) - kept;
  const texts = {
    "few-distinct-features": `${distinctFeatures} distinct features for ${byFeatures} choices, so ties decide; more --directions, or --fresh, tell more apart`,
    underflow: "most zeroth-order differences are lost to rounding; a larger --epsilon keeps them",
  };
  return warnings.map((kind) => [kind, texts[kind]]);
}

/** `step 12/100  loss 3.2410  4120 tokens/s  1:23 left  0.84 s/step, selection 31 %` */
function stepLine(event: StepEvent, left: number): string {
  const { selection, training, optimizer } = event.seconds;
  const seconds = selection + training + optimizer;
  const parts = [
    `step ${event.step}/${event.steps}`,
    `loss ${event.loss.toFixed(4)}`,
    `${Math.round(event.tokens / seconds)} tokens/s`,
    `${clock(left)} left`,
    `${seconds.toFixed(2)} s/step, selection ${Math.round((100 * selection) / seconds)} %`,
  ];
  return parts.join("  ");
}

/** `step 60: 3 sources by clustering, of 812, 90 and 31 examples, 2 of them small; agreement with the rows' own 0.41; 5.2 s` */
function sourcesLine({ step, counts, small, agreement, seconds }: SourcesEvent): string {
  const sizes = Array.from(counts).sort((a, b) => b - a);
  const last = sizes.pop();
  const listed = sizes.length === 0 ? `${last}` : `${sizes.join(", ")} and ${last}`;
  const kept = small.filter((isSmall) => isSmall).length;
  const parts = [
    `step ${step}: ${counts.length} ${counts.length === 1 ? "source" : "sources"} by clustering, of ${listed} examples, ${kept} of them small`,
    ...(agreement === null
      ? []
      : [`agreement with the rows' own ${agreement.toFixed(2)} (adjusted Rand index)`]),
    `${seconds.toFixed(1)} s`,
  ];
  return parts.join("; ");
}

/** Where output is no terminal: the first, the last and every tenth part of the steps. */
function isMilestone({ step, steps }: StepEvent): boolean {
  return step === 1 || step === steps || step % Math.max(1, Math.round(steps / 10)) === 0;
}
