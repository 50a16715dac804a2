import { inputError } from "../input-error.ts";
import type { Io, Pipe } from "../io.ts";
import { byteReader } from "./byte-reader.ts";
import { type ChoiceSettings, chooser } from "./chooser.ts";
import { encodeFrame, readRequest } from "./frames.ts";

/**
 * Answers request after request until the input ends, the history going from one to the next.
 *
 * @param settings - How to choose.
 * @param pipe - Where requests come from and answers go.
 * @param io - What stops it, and where it says so.
 * @returns The exit code: 0, or 130 when the signal stopped it.
 * @throws {Error} At the first request that is wrong; the answers before it stand.
 */
export async function answerFrames(
  settings: ChoiceSettings,
  pipe: Pipe,
  { signal, stderr }: Pick<Io, "signal" | "stderr">,
): Promise<number> {
  const reader = byteReader(pipe.input);
  const { choose } = chooser(settings);
  let answered = 0;
  const missing = new Set(settings.smallSources);
  try {
    for (;;) {
      const number = answered + 1;
      const pool = await readRequest(reader, number);
      if (pool === undefined) {
        // a later frame might have named it
        const names = [...missing].map((name) => JSON.stringify(name)).join(", ");
        if (answered > 0 && names !== "")
          stderr.write(`colm select: warning: --small-sources names ${names}, which no frame named\n`);
        return 0;
      }
      const { budget, smallSources } = settings;
      const [n] = pool.features.shape;
      if (n < budget)
        throw inputError(`frame ${number} must have at least the ${budget} rows of --budget, got ${n}`);
      if (smallSources.length > 0 && pool.sources === undefined) {
        throw inputError(`frame ${number} must have "sources" for --small-sources, got none`);
      }
      for (const name of pool.sources?.names ?? []) missing.delete(name);
      await pipe.write(encodeFrame(await choose(pool)));
      answered = number;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    stderr.write(`colm select: stopped after ${answered} answers\n`);
    return 130;
  } finally {
    await reader.close();
  }
}
