import type { Output } from "./progress.ts";

/** An output that hands on whole lines; `end` hands on what is left. */
export function lines(onLine: (line: string) => void): Output & { end(): void } {
  let rest = "";
  return {
    write(text) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) onLine(line);
    },
    end() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
