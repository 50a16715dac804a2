/**
 * Compiles the kernels and writes them, as text, to `src/simd/binary.ts`: `node assembly/build.ts`.
 * `pnpm --filter @colm/submodular test` checks that the two belong together.
 */
import { writeFileSync } from "node:fs";
import { compileKernels } from "./compile.ts";

const target = new URL("../src/simd/binary.ts", import.meta.url);

writeFileSync(target, await compileKernels());
