import { inputError } from "./input-error.ts";

/** The sources that are to be averaged on their own, each one of the data's. */
export function knownSources(names: readonly string[], sources: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !sources.includes(name));
  if (unknown === undefined) return names;
  const known = [...new Set(sources)].sort().join(", ");
  throw inputError(`--small-sources must name sources of the data (${known}), got "${unknown}"`);
}
