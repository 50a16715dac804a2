import { expect, it } from "vitest";
import { fixture } from "./fixture.ts";
import { start, startProblems } from "./start.ts";

it("fails when there is nothing to start", async () => {
  expect((await start.run(await fixture({}))).problems).toEqual(["tools/start/main.ts is missing"]);
});

it("fails when the job fails or does not say where its report is", () => {
  expect(startProblems(1, "out of memory\n")).toEqual(["pnpm start --quick exited with 1\nout of memory"]);
  expect(startProblems(0, "done\n")).toEqual(["it names no report.html\ndone"]);
  expect(startProblems(0, "runs/quick/report.html\n")).toEqual([]);
});
