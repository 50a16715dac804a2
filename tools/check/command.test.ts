import { describe, expect, it } from "vitest";
import { command, commandsPass, tail } from "./command.ts";

const node = process.execPath;

describe("command", () => {
  it("gives the exit code and both outputs without colours", async () => {
    const script = 'console.log("\\u001b[31mred\\u001b[0m"); console.error("also"); process.exit(3)';
    const { code, output } = await command(".", node, ["--eval", script]);
    expect(code).toBe(3);
    expect(output).toContain("red\n");
    expect(output).toContain("also\n");
  });

  it("gives 127 for a program that is missing", async () => {
    expect((await command(".", "no-such-program", [])).code).toBe(127);
  });

  it("ends a command that takes too long", async () => {
    const outcome = await command(".", node, ["--eval", "setInterval(() => {}, 1000)"], {
      limitSeconds: 0.2,
    });
    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain("ended after 0.2 s");
  });
});

describe("commandsPass", () => {
  it("holds when every command exits with 0", async () => {
    const check = commandsPass("fine", [node, "--eval", ""], [node, "--version"]);
    expect(await check.run(".")).toEqual({ problems: [] });
  });

  it("fails with the output of each command that does not, and runs the others", async () => {
    const bad = 'console.log("wrong"); process.exitCode = 2';
    const { problems } = await commandsPass("bad", [node, "--eval", bad], [node, "--eval", bad]).run(".");
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/exited with 2\nwrong$/);
  });
});

describe("tail", () => {
  it("keeps the last lines", () => {
    expect(tail("a\nb\nc\n", 2)).toBe("b\nc");
  });
});
