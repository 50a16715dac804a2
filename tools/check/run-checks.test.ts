import { expect, it } from "vitest";
import type { Check } from "./check.ts";
import { runChecks } from "./run-checks.ts";

it("reports every check, also after one that fails and one that breaks", async () => {
  const checks: Check[] = [
    { name: "fails", run: async () => ({ problems: ["first line\nsecond line"] }) },
    { name: "breaks", run: () => Promise.reject(new Error("no such file")) },
    { name: "holds", run: async () => ({ problems: [], notes: ["3 looked at"] }) },
  ];
  const lines: string[] = [];
  expect(await runChecks(".", checks, (line) => lines.push(line))).toEqual({ passed: 1, failed: 2 });
  expect(lines[0]).toMatch(/^FAILED {2}fails \(\d+\.\d s\)$/);
  expect(lines.slice(1, 3)).toEqual(["        first line", "        second line"]);
  expect(lines.join("\n")).toMatch(/FAILED {2}breaks.*\n {8}Error: no such file/);
  expect(lines.at(-2)).toMatch(/^passed {2}holds/);
  expect(lines.at(-1)).toBe("        3 looked at");
});
