import type { Check, Findings } from "./check.ts";

/** Runs the checks one after the other; one that fails or breaks does not keep the others from running. */
export async function runChecks(
  root: string,
  checks: readonly Check[],
  print: (line: string) => void,
): Promise<{ passed: number; failed: number }> {
  let failed = 0;
  for (const check of checks) {
    const start = performance.now();
    const { problems, notes = [] } = await findings(check, root);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (problems.length > 0) failed++;
    print(`${problems.length > 0 ? "FAILED" : "passed"}  ${check.name} (${seconds} s)`);
    for (const line of [...problems, ...notes].flatMap((text) => text.split("\n"))) print(`        ${line}`);
  }
  return { passed: checks.length - failed, failed };
}

async function findings(check: Check, root: string): Promise<Findings> {
  try {
    return await check.run(root);
  } catch (error) {
    return { problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}
