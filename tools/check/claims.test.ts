import { expect, it } from "vitest";
import { claims } from "./claims.ts";
import { fixture } from "./fixture.ts";

it("holds where a factor stands beside the command that shows it", async () => {
  const root = await fixture({
    "tools/bench/step.ts": "export const run = 1;",
    "README.md":
      "# A\n\n## Speed\n\n2.4 times faster: `pnpm bench step --json`.\n\n## Use\n\nA grid of 3 × 4 runs, three times the work.\n",
    "docs/speed.md":
      "# Speed\n\n```sh\npnpm bench step --json\n```\n\n## Later\n\nIt is 1.6 times as slow.\n",
    "packages/a/README.md": "# a\n\n```ts\nconst text = '5 times faster';\n```\n",
  });
  expect(await claims.run(root)).toEqual({ problems: [] });
});

it("fails for a factor on its own, and for a benchmark that does not exist", async () => {
  const root = await fixture({
    "tools/bench/step.ts": "export const run = 1;",
    "README.md": "# A\n\n4× less memory.\n\n## Speed\n\nShown by `pnpm bench speed`: 2 times faster.\n",
    "packages/a/README.md": "# a\n\n## One\n\n`pnpm bench step`\n\n## Two\n\nIt takes 0.5 times the bytes.\n",
  });
  expect((await claims.run(root)).problems).toEqual([
    'README.md:3 claims "4×" in a section that names no command which shows it',
    'README.md:7 names the benchmark "speed", which does not exist',
    'packages/a/README.md:9 claims "0.5 times the" in a section that names no command which shows it',
  ]);
});
