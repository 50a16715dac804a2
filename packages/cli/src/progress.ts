/** Where text goes; `process.stdout` fits. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** One line that follows a long task. */
export interface Progress {
  /** Shows `line` as the present state. `milestone`: keep it even where output is no terminal. */
  show(line: string, milestone: boolean): void;
  /** Writes a line that stays, above the progress line. */
  note(line: string): void;
  /** Ends the progress line. */
  done(): void;
}

/**
 * A progress line: rewritten in place on a terminal, plain lines at milestones elsewhere.
 *
 * @param output - Where it is written.
 * @returns The line's controls.
 */
export function progressLine(output: Output): Progress {
  const terminal = output.isTTY === true;
  let shown = false;
  const clear = (): void => {
    if (shown) output.write("\r\u001b[K");
    shown = false;
  };
  return {
    show(line, milestone) {
      if (terminal) {
        output.write(`\r\u001b[K${line.slice(0, (output.columns || 80) - 1)}`);
        shown = true;
      } else if (milestone) output.write(`${line}\n`);
    },
    note(line) {
      clear();
      output.write(`${line}\n`);
    },
    done() {
      if (shown) output.write("\n");
      shown = false;
    },
  };
}

/** Seconds as `1:05:09`, `2:03` or `0:07`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number): string => String(part).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
