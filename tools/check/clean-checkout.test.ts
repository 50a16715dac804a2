import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutState, cleanCheckout } from "./clean-checkout.ts";
import { command } from "./command.ts";
import { fixture } from "./fixture.ts";

it("names the files that appeared since the state that it was given", async () => {
  const root = await fixture({ ".gitignore": "dist/\n", "known.txt": "" });
  await command(root, "git", ["init", "--quiet"]);
  const check = cleanCheckout(await checkoutState(root));
  expect(await check.run(root)).toEqual({ problems: [] });
  await writeFile(join(root, "left-behind.txt"), "");
  expect((await check.run(root)).problems).toEqual(["?? left-behind.txt"]);
});
