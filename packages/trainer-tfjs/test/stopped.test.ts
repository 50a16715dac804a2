import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("a run with workers that is stopped comes to its end in a program that waits for nothing else", async () => {
  const program = fileURLToPath(new URL("stopped-run.ts", import.meta.url));
  // rejects with the exit code of a program whose event loop ran empty
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program]);
  expect({ stdout, stderr }).toEqual({ stdout: '{"step":0,"reason":"stopped"}', stderr: "" });
});
