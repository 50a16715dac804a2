import { describe, expect, it } from "vitest";
import { clock, progressLine } from "../src/progress.ts";
import { textTable } from "../src/text-table.ts";

describe("textTable", () => {
  it("aligns the first column to the left, the others to the right", () => {
    expect(
      textTable(
        ["name", "n"],
        [
          ["a", "10"],
          ["long name", "5"],
        ],
      ),
    ).toBe("name        n\n---------  --\na          10\nlong name   5");
  });
});

describe("clock", () => {
  it("shows hours only when there are any", () => {
    expect([0, 7.4, 123, 3909, -5].map(clock)).toEqual(["0:00", "0:07", "2:03", "1:05:09", "0:00"]);
  });
});

describe("progressLine", () => {
  const collect = (terminal: boolean): { text: () => string; output: Parameters<typeof progressLine>[0] } => {
    let text = "";
    const output = { isTTY: terminal, columns: 12, write: (part: string) => (text += part) };
    return { text: () => text, output };
  };

  it("writes plain lines at milestones where there is no terminal", () => {
    const { text, output } = collect(false);
    const line = progressLine(output);
    line.show("one", true);
    line.show("two", false);
    line.note("note");
    line.done();
    expect(text()).toBe("one\nnote\n");
  });

  it("rewrites one line on a terminal, cut to its width, notes above it", () => {
    const { text, output } = collect(true);
    const line = progressLine(output);
    line.show("0123456789abcdef", false);
    line.note("note");
    line.show("end", false);
    line.done();
    expect(text()).toBe("\r\u001b[K0123456789a\r\u001b[Knote\n\r\u001b[Kend\n");
  });
});
