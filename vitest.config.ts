import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
    testTimeout: 60_000,
    setupFiles: ["tools/property-seed.ts"],
    // istanbul rewrites function bodies, which breaks kernels that gpu.js parses again from their source
    coverage: { provider: "v8", include: ["packages/*/src/**"] },
  },
});
