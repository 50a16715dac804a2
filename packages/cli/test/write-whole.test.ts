import { execFileSync, spawn } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeWhole } from "../src/write-whole.ts";

const folder = mkdtempSync(join(tmpdir(), "colm-write-"));
const at = (name: string): string => join(folder, name);

describe("writeWhole", () => {
  it("makes a file and its folder, replaces what it held, and leaves nothing beside it", async () => {
    await writeWhole(at("new/file"), "one");
    await writeWhole(at("new/file"), "two");
    expect(readFileSync(at("new/file"), "utf8")).toBe("two");
    expect(readdirSync(at("new"))).toEqual(["file"]);
  });

  it("writes what a symbolic link leads to, be it there or not, and the link stays", async () => {
    mkdirSync(at("elsewhere"));
    writeFileSync(at("elsewhere/there"), "old");
    symlinkSync("elsewhere/there", at("link"));
    symlinkSync("link", at("link-of-link"));
    symlinkSync("elsewhere/missing", at("dangling"));
    for (const name of ["link", "link-of-link", "dangling"]) {
      await writeWhole(at(name), name);
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
      expect(readFileSync(at(name), "utf8")).toBe(name);
    }
    expect(readdirSync(at("elsewhere")).sort()).toEqual(["missing", "there"]);
    symlinkSync("circle", at("circle"));
    await expect(writeWhole(at("circle"), "")).rejects.toThrow("ELOOP");
  });

  it("writes through a pipe with a name, which stays one", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    const reader = spawn("cat", [at("pipe")]);
    let text = "";
    reader.stdout.on("data", (piece) => {
      text += piece;
    });
    const ended = new Promise((resolve) => reader.on("close", resolve));
    await writeWhole(at("pipe"), "through");
    await ended;
    expect(text).toBe("through");
    expect(lstatSync(at("pipe")).isFIFO()).toBe(true);
  });

  it("writes to a device, and a full one is an error of its own", async () => {
    symlinkSync("/dev/null", at("null"));
    await writeWhole(at("null"), "text");
    expect(lstatSync(at("null")).isSymbolicLink()).toBe(true);
    symlinkSync("/dev/full", at("full"));
    await expect(writeWhole(at("full"), "text")).rejects.toThrow("ENOSPC");
    expect(lstatSync("/dev/full").isCharacterDevice()).toBe(true);
  });
});
