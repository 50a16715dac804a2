import { join } from "node:path";
import type { Check } from "./check.ts";
import { command, tail } from "./command.ts";
import { exists } from "./workspace.ts";

/** The README's start command, in its quick form, comes to its end and says where the report is. */
export const start: Check = {
  name: "start --quick",
  async run(root) {
    if (!(await exists(join(root, "tools/start/main.ts"))))
      return { problems: ["tools/start/main.ts is missing"] };
    const { code, output } = await command(root, "pnpm", ["start", "--quick"], { limitSeconds: 300 });
    const problems = startProblems(code, output);
    return problems.length > 0 ? { problems } : { problems, notes: tail(output, 30).split("\n") };
  },
};

/** What is wrong with how the command ended. */
export function startProblems(code: number, output: string): string[] {
  if (code !== 0) return [`pnpm start --quick exited with ${code}\n${tail(output)}`];
  return output.includes("report.html") ? [] : [`it names no report.html\n${tail(output)}`];
}
