import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { command, type Outcome } from "./command.ts";
import { fixture, manifest } from "./fixture.ts";

const root = resolve(import.meta.dirname, "../..");

async function settings(name: string): Promise<string> {
  return readFile(join(root, name), "utf8");
}

describe("the settings of the tools refuse what the rules forbid", () => {
  async function biome(code: string): Promise<Outcome> {
    const folder = await fixture({
      "biome.json": await settings("biome.json"),
      ".gitignore": "dist/\n",
      "src/a.ts": code,
    });
    return command(folder, "biome", ["ci", "--error-on-warnings", "."]);
  }

  it.each([
    ["export const a = 1;\n", undefined],
    ["export default 1;\n", "noDefaultExport"],
    ['export * from "./b.ts";\n', "noReExportAll"],
    ["export const a: any = 1;\n", "noExplicitAny"],
    ['console.log("a");\n', "noConsole"],
    ["export const a = (b?: string) => b!.length;\n", "noNonNullAssertion"],
    ["export const a = 1\n", "format"],
  ])("Biome: %j", async (code, rule) => {
    const { code: exit, output } = await biome(code);
    expect(exit === 0).toBe(rule === undefined);
    if (rule !== undefined) expect(output).toContain(rule);
  });

  it("TypeScript: loose types, missing declarations, what cannot be erased, the DOM", async () => {
    const bad = {
      "wrong-type": ["export const a: string = 1;", "TS2322"],
      "implicit-any": ["export function a(b) {}", "TS7006"],
      "undeclared-export": ["export const a = Math.random();", "TS9010"],
      "not-erasable": ["export enum A { B }", "TS1294"],
      dom: ["export const a: object = document;", "TS2584"],
    };
    const folder = await fixture({
      "tsconfig.json": await settings("tsconfig.base.json"),
      "package.json": manifest("a"),
      "good.ts": "export const a: number = 1;\n",
      ...Object.fromEntries(Object.entries(bad).map(([name, [code]]) => [`${name}.ts`, code])),
    });
    const { code, output } = await command(folder, "tsc", ["-p", ".", "--outDir", "out"]);
    expect(code).not.toBe(0);
    expect(output).not.toContain("good.ts");
    for (const [name, [, error]] of Object.entries(bad)) {
      expect(output).toMatch(new RegExp(`^${name}\\.ts\\(.*${error}`, "m"));
    }
  });

  it("knip: a file that nothing imports", async () => {
    const folder = await fixture({
      "package.json": manifest("a", { exports: "./index.js" }),
      "index.js": "export const a = 1;\n",
      "src/orphan.js": "export const b = 1;\n",
    });
    const { code, output } = await command(folder, "knip", ["--no-progress"]);
    expect(code).toBe(1);
    expect(output).toContain("orphan");
  });

  it("typedoc: a link that leads nowhere", async () => {
    const text = JSON.parse(await settings("typedoc.json"));
    const folder = await fixture({
      "package.json": manifest("a"),
      "README.md": "",
      "tsconfig.json": JSON.stringify({
        compilerOptions: { module: "nodenext", skipLibCheck: true, types: [] },
        include: ["a.ts"],
      }),
      "typedoc.json": JSON.stringify({ ...text, entryPointStrategy: "resolve", entryPoints: ["a.ts"] }),
      "a.ts": "/** See {@link nowhere}. */\nexport const a: number = 1;\n",
    });
    const { code, output } = await command(folder, "typedoc", []);
    expect(output).toContain("nowhere");
    expect(code).not.toBe(0);
  });
});
