import type { MinifyOptions } from "terser";
import { defineConfig } from "tsup";

type Config = ReturnType<typeof defineConfig>;

/**
 * JavaScript only: the declarations come from `tsc -b`.
 *
 * @param terserOptions - Where given, Terser minifies: 0.7 of 17 kB less than esbuild, compressed, at the same speed.
 */
export function library(entry: string[], terserOptions?: MinifyOptions): Config {
  return defineConfig({
    entry,
    ...(terserOptions && { minify: "terser", treeshake: true, terserOptions }),
    format: "esm",
    target: "es2023",
    platform: "neutral",
    dts: false,
    // with the declarations goes what tsc remembers of them, or it would not write them again
    clean: [".tsbuildinfo"],
    splitting: true,
    external: [/^@colm\//, /^node:/],
  });
}

export default library(["src/index.ts"]);
