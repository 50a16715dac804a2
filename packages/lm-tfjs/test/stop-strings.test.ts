import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stopFilter } from "../src/generate/stop-strings.ts";

/** What comes out of a filter for these pieces, piece by piece, and whether it stopped. */
function filtered(
  stops: readonly string[],
  pieces: readonly string[],
): { shown: string[]; stopped: boolean } {
  const filter = stopFilter(stops);
  const shown: string[] = [];
  for (const piece of pieces) {
    const { text, stopped } = filter.push(piece);
    shown.push(text);
    if (stopped) return { shown, stopped };
  }
  return { shown: [...shown, filter.end()], stopped: false };
}

/** The definition, letter by letter: the text ends as soon as it ends with a stop string, before the longest that it ends with. */
function slowly(stops: readonly string[], text: string): string {
  for (let end = 1; end <= text.length; end++) {
    const found = stops.filter((stop) => text.slice(0, end).endsWith(stop));
    if (found.length > 0) return text.slice(0, end - Math.max(...found.map(({ length }) => length)));
  }
  return text;
}

describe("stopFilter", () => {
  it("lets nothing of a stop string through, wherever its pieces end", () => {
    expect(filtered(["\nQ:"], ["12", "\n", "Q", ": 3"])).toEqual({
      shown: ["12", "", "", ""],
      stopped: true,
    });
    expect(filtered(["\nQ:"], ["12", "\n", "Qu", "it"])).toEqual({
      shown: ["12", "", "\nQu", "it", ""],
      stopped: false,
    });
    expect(filtered(["\nQ:"], ["12\n"])).toEqual({ shown: ["12", "\n"], stopped: false });
    expect(filtered([], ["12", ""])).toEqual({ shown: ["12", "", ""], stopped: false });
  });

  it("goes by the stop string that is complete first, the longest of those", () => {
    expect(filtered(["abcd", "bc"], ["xabcd"]).shown).toEqual(["xa"]);
    expect(filtered(["bc", "abc"], ["xabc"]).shown).toEqual(["x"]);
    // the first a is no beginning of "ab" any more, the second is
    expect(filtered(["ab"], ["a", "a", "b"]).shown).toEqual(["", "a", ""]);
  });

  it("depends on the text alone, and never takes back what it has shown", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 3 });
    const stop = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(stop, { maxLength: 3 }), fc.array(text, { maxLength: 8 }), (stops, pieces) => {
        const { shown, stopped } = filtered(stops, pieces);
        const whole = pieces.join("");
        expect(shown.join("")).toBe(slowly(stops, whole));
        expect(stopped).toBe(stops.some((stop) => whole.includes(stop)));
        if (stopped) return;
        // after each piece: nothing that a stop string may still claim, and else held back is a beginning of one alone
        shown.slice(0, -1).forEach((_, i) => {
          const soFar = pieces.slice(0, i + 1).join("");
          const out = shown.slice(0, i + 1).join("");
          const held = soFar.slice(out.length);
          expect(out + held).toBe(soFar);
          expect(held === "" || stops.some((stop) => stop.startsWith(held))).toBe(true);
          for (const stop of stops) {
            for (let k = 0; k < stop.length; k++) {
              expect(slowly(stops, soFar + stop.slice(k)).startsWith(out)).toBe(true);
            }
          }
        });
      }),
    );
  });
});
