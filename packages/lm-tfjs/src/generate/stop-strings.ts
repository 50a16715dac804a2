/** Text that passes through until it holds a stop string. */
export interface StopFilter {
  /** Takes the next piece; returns what can be shown by now. After a stop nothing may be pushed. */
  push(piece: string): { readonly text: string; readonly stopped: boolean };
  /** What was held back, when no more text comes. */
  end(): string;
}

/**
 * Lets text through up to its first stop string, which is the one that is complete first; of several that end together the longest.
 *
 * @param stops - Strings of at least one character.
 * @returns A filter. What it lets through in all depends on the text alone, not on the pieces that it comes in. It holds back the longest
 *   end of the text that a stop string begins with.
 */
export function stopFilter(stops: readonly string[]): StopFilter {
  let held = "";
  return {
    push(piece) {
      held += piece;
      const found = firstStop(held, stops);
      const end = found ?? held.length - pendingLength(held, stops);
      const text = held.slice(0, end);
      held = found === undefined ? held.slice(end) : "";
      return { text, stopped: found !== undefined };
    },
    end: () => held,
  };
}

/** Where the first stop string begins. */
function firstStop(text: string, stops: readonly string[]): number | undefined {
  let begin: number | undefined;
  let end = Infinity;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at < 0) continue;
    const stopEnd = at + stop.length;
    if (stopEnd < end || (stopEnd === end && begin !== undefined && at < begin)) [begin, end] = [at, stopEnd];
  }
  return begin;
}

/** Length of the longest end of a text that a stop string begins with. */
function pendingLength(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((stop) => stop.length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(-length);
    if (stops.some((stop) => stop.startsWith(end))) return length;
  }
  return 0;
}
