import type { Kernels } from "@colm/kernels";
import { kernelModes } from "./commands/train-choices.ts";
import { inputError } from "./input-error.ts";
import type { Options } from "./option-table.ts";

/** The gpu.js kernels that `--kernels` asks for, to be disposed of; undefined where it was not given. */
export async function selectionKernels(options: Options): Promise<Kernels | undefined> {
  const mode = options.choice("kernels", kernelModes);
  if (mode === undefined) return undefined;
  const kernels = await import("@colm/kernels").catch((cause: unknown) => {
    throw inputError("--kernels needs @colm/kernels and gpu.js: npm install @colm/kernels gpu.js", cause);
  });
  return kernels.createKernels({ mode });
}
