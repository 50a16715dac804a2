import type { Check } from "./check.ts";
import { command } from "./command.ts";

/** Tests, examples and builds leave no file behind that git would see: the state now is the state `before`. */
export function cleanCheckout(before: string): Check {
  return {
    name: "nothing left behind",
    async run(root) {
      const now = await checkoutState(root);
      if (now === before) return { problems: [] };
      const known = new Set(before.split("\n"));
      return { problems: now.split("\n").filter((line) => line !== "" && !known.has(line)) };
    },
  };
}

/** What git finds changed or unknown, one file a line. */
export async function checkoutState(root: string): Promise<string> {
  return (await command(root, "git", ["status", "--porcelain", "--untracked-files=all"])).output.trimEnd();
}
