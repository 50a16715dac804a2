import { defineConfig } from "tsup";

type Config = ReturnType<typeof defineConfig>;

/** JavaScript only: the declarations come from `tsc -b`. */
export function library(entry: string[]): Config {
  return defineConfig({
    entry,
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
