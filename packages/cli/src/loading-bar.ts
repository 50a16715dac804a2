import type { Io } from "./io.ts";
import { progressLine } from "./progress.ts";

/** Loading shows a bar when it takes longer than this, in milliseconds. */
const PATIENCE = 500;
const CELLS = 24;

/** A bar on a terminal's standard error while the weights of a model are read; nothing elsewhere. */
export interface LoadingBar {
  readonly onProgress: (done: number, total: number) => void;
  /** Takes the bar away. */
  end(): void;
}

/** Shows a bar for `place` once that has taken half a second. */
export function loadingBar(place: string, { stderr, now }: Pick<Io, "stderr" | "now">): LoadingBar {
  const line = progressLine(stderr);
  const begin = now();
  let shown = false;
  return {
    onProgress(done, total) {
      if (stderr.isTTY !== true || (!shown && now() - begin < PATIENCE)) return;
      shown = true;
      const cells = Math.floor((CELLS * done) / total);
      const bar = "#".repeat(cells).padEnd(CELLS, "-");
      const [have, all] = [done, total].map((count) => (count / 1e6).toFixed(1));
      line.show(`${place}  [${bar}]  ${have} of ${all} million parameters`, false);
    },
    end() {
      if (shown) stderr.write("\r\u001b[K");
    },
  };
}
