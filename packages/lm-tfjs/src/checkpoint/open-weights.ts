import { type Files, locate } from "./files.ts";
import { isJsonObject, parseJsonObject, wrongKind } from "./json-fields.ts";
import type { NamedArray } from "./named-array.ts";
import { type OpenSafetensors, openSafetensors } from "./read-safetensors.ts";

const single = "model.safetensors";
const index = "model.safetensors.index.json";

/** The weights of a checkpoint, in however many files. */
export interface OpenWeights {
  /** Shapes by name, known before anything is read. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Reads one tensor; the caller owns it. */
  read(name: string): Promise<NamedArray>;
}

/**
 * Opens the weights of a checkpoint: `model.safetensors`, or the shards that `model.safetensors.index.json` lists.
 *
 * @throws {RangeError} If neither is there, if a file's header lies, or if index and shards disagree.
 */
export async function openWeights(caller: string, files: Files): Promise<OpenWeights> {
  if ((await files.size(single)) !== undefined)
    return joined(new Map([[single, await openSafetensors(files, single)]]));
  if ((await files.size(index)) === undefined) {
    const place = locate(files, single);
    throw new RangeError(`${caller}: "${place}" must be a file, got neither it nor ${index}`);
  }
  const file = locate(files, index);
  const { weight_map: map } = parseJsonObject(caller, file, await files.read(index));
  if (!isJsonObject(map)) throw wrongKind(caller, `${file}: weight_map`, "an object", map);
  const shards = new Map<string, OpenSafetensors>();
  for (const [name, shard] of Object.entries(map)) {
    if (typeof shard !== "string" || !/^[^/\\]+\.safetensors$/.test(shard)) {
      throw wrongKind(caller, `${file}: ${name}`, "the name of a safetensors file beside it", shard);
    }
    const open = shards.get(shard) ?? (await openSafetensors(files, shard));
    shards.set(shard, open);
    if (!open.entries.has(name)) {
      throw new RangeError(
        `${caller}: "${locate(files, shard)}" must hold "${name}" as its index says, got no such tensor`,
      );
    }
  }
  const listed = new Set(Object.keys(map));
  for (const [shard, { entries }] of shards) {
    const extra = [...entries.keys()].find((name) => !listed.has(name) || map[name] !== shard);
    if (extra !== undefined) {
      throw new RangeError(
        `${caller}: "${file}" must list every tensor of its shards, got none for "${extra}" of ${shard}`,
      );
    }
  }
  return joined(shards);
}

function joined(parts: ReadonlyMap<string, OpenSafetensors>): OpenWeights {
  const shapes = new Map<string, readonly number[]>();
  const homes = new Map<string, OpenSafetensors>();
  for (const part of parts.values()) {
    for (const [name, { shape }] of part.entries) {
      shapes.set(name, shape);
      homes.set(name, part);
    }
  }
  return {
    shapes,
    async read(name) {
      const home = homes.get(name);
      if (home === undefined) throw new RangeError(`openWeights: "name" must be a weight, got "${name}"`);
      return home.read(name);
    },
  };
}
