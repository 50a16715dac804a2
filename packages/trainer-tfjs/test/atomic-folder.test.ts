import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFolder } from "../src/atomic-folder.ts";

const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-folder-"));

describe("writeFolder", () => {
  it("makes the folder with its parents", async () => {
    const folder = join(fresh(), "a", "b");
    await writeFolder(folder, async (at) => writeFileSync(join(at, "x"), "1"));
    expect(readFileSync(join(folder, "x"), "utf8")).toBe("1");
    expect(readdirSync(join(folder, ".."))).toEqual(["b"]);
  });

  it("replaces a folder that stands, as a whole", async () => {
    const folder = join(fresh(), "a");
    await writeFolder(folder, async (at) => writeFileSync(join(at, "old"), "1"));
    await writeFolder(folder, async (at) => writeFileSync(join(at, "new"), "2"));
    expect(readdirSync(folder)).toEqual(["new"]);
  });

  it("leaves what stood there when writing fails, and nothing half-written", async () => {
    const parent = fresh();
    const folder = join(parent, "a");
    await writeFolder(folder, async (at) => writeFileSync(join(at, "x"), "1"));
    const failing = writeFolder(folder, async (at) => {
      writeFileSync(join(at, "x"), "2");
      throw new Error("disk full");
    });
    await expect(failing).rejects.toThrow("disk full");
    expect(readFileSync(join(folder, "x"), "utf8")).toBe("1");
    expect(readdirSync(parent)).toEqual(["a"]);
    await expect(writeFolder(join(parent, "b"), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(join(parent, "b"))).toBe(false);
  });
});
