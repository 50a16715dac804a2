import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { main } from "../src/index.ts";
import { lines } from "../src/lines.ts";
import { nearestName } from "../src/nearest-name.ts";

/** What a wrong command writes on a terminal. */
async function errorText(argv: string[], color: boolean | undefined, isTTY: boolean): Promise<string> {
  let text = "";
  const stderr = { isTTY, write: (part: string) => (text += part) };
  await main(argv, {
    stdout: stderr,
    stderr,
    signal: new AbortController().signal,
    now: () => 0,
    debug: false,
    environment: {},
    ...(color !== undefined && { color }),
  });
  return text;
}

describe("colours", () => {
  const plain = "colm train: --data FILES must be given\n";
  it("are on a terminal alone, and off when asked", async () => {
    expect(await errorText(["train"], true, true)).toBe(`\u001b[31m${plain.trimEnd()}\u001b[0m\n`);
    expect(await errorText(["train"], true, false)).toBe(plain);
    expect(await errorText(["train"], undefined, true)).toBe(plain);
    expect(await errorText(["train", "--no-color"], true, true)).toBe(plain);
  });
});

describe("NO_COLOR and a terminal that knows no colours", () => {
  it.each([
    [{}, true],
    [{ NO_COLOR: "1" }, false],
    [{ NO_COLOR: "" }, true],
    [{ TERM: "dumb" }, false],
  ])("%j", async (environment, expected) => {
    const module = fileURLToPath(new URL("../src/process-io.ts", import.meta.url));
    const program = `import { processIo } from ${JSON.stringify(module)}; console.log(processIo().color);`;
    const env = { PATH: process.env.PATH, TERM: "xterm", ...environment };
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { env });
    let stdout = "";
    child.stdout.on("data", (piece) => {
      stdout += piece;
    });
    await new Promise((resolve) => child.on("close", resolve));
    expect(stdout).toBe(`${expected}\n`);
  });
});

describe("Ctrl-C", () => {
  it("once aborts the signal and lets the work go on, twice ends the process with code 130", async () => {
    const module = fileURLToPath(new URL("../src/process-io.ts", import.meta.url));
    // work that never heeds the signal
    const program = `import { processIo } from ${JSON.stringify(module)};
      const { signal } = processIo();
      signal.addEventListener("abort", () => console.log("aborted"));
      setInterval(() => {}, 1000);
      console.log("ready");`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (piece) => {
      stdout += piece;
      child.kill("SIGINT");
    });
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(stdout).toBe("ready\naborted\n");
    expect(stderr).toBe("\nstopping (Ctrl-C again stops at once)\n");
    expect(code).toBe(130);
  });
});

describe("a reader that leaves", () => {
  const programOf = (work: string): string => `import { processIo } from ${JSON.stringify(
    fileURLToPath(new URL("../src/process-io.ts", import.meta.url)),
  )};
    const { stdout, pipe } = processIo();
    ${work}`;
  /** A program whose output closes before it writes; its exit code and what it says. */
  const withoutReader = async (work: string): Promise<{ code: unknown; stderr: string }> => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", programOf(work)]);
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    return { code, stderr };
  };

  it("does not end the work: text goes nowhere", async () => {
    const work = `for (let i = 0; i < 3; i++) {
      stdout.write("step");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.stderr.write("done");`;
    expect(await withoutReader(work)).toEqual({ code: 0, stderr: "done" });
  });

  it("is told to whoever answers another program", async () => {
    const work = `await pipe.write(Uint8Array.of(1)).catch(({ code }) => process.stderr.write(code));`;
    expect(await withoutReader(work)).toEqual({ code: 0, stderr: "EPIPE" });
  });
});

describe("small parts", () => {
  it("the nearest name is one that was probably meant", () => {
    expect(nearestName("max-stpes", ["max-steps", "seed"])).toBe("max-steps");
    expect(nearestName("bugdet", ["budget", "pool"])).toBe("budget");
    expect(nearestName("zzz", ["budget", "pool"])).toBeUndefined();
    expect(nearestName("x", [])).toBeUndefined();
  });

  it("lines are handed on whole", () => {
    const seen: string[] = [];
    const output = lines((line) => seen.push(line));
    for (const part of ["a", "b\nc", "\n\nd"]) output.write(part);
    expect(seen).toEqual(["ab", "c", ""]);
    output.end();
    output.end();
    expect(seen).toEqual(["ab", "c", "", "d"]);
  });
});
