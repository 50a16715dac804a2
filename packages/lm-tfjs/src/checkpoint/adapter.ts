import type { HubOptions } from "@colm/data";
import { type AdapterConfig, adapterConfigFields, parseAdapterConfig } from "./adapter-config.ts";
import { encodeSafetensors } from "./encode-safetensors.ts";
import { type Files, locate } from "./files.ts";
import { parseJsonObject } from "./json-fields.ts";
import type { NamedArray } from "./named-array.ts";
import { openPlace } from "./open-place.ts";
import { readSafetensors } from "./read-safetensors.ts";
import { requireFiniteWeight } from "./require-weights.ts";

const configName = "adapter_config.json";
const weightsName = "adapter_model.safetensors";
const factorName = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/;

/** A LoRA adapter: its configuration, and its factors by their PEFT names `base_model.model.….lora_A.weight` and `….lora_B.weight`. */
export interface Adapter {
  readonly config: AdapterConfig;
  /** `A` is `[rank, in]`, `B` is `[out, rank]`. */
  readonly weights: ReadonlyMap<string, NamedArray>;
}

/**
 * Reads a PEFT folder: `adapter_config.json` and `adapter_model.safetensors`.
 *
 * @param source - The path of a folder (Node.js), `hf://owner/name`, an `https:` address, or the files themselves.
 * @param hub - Access token, server and `fetch` of an address.
 * @returns The adapter; the caller owns its arrays.
 * @throws {TypeError | RangeError} If a file is missing or broken, if the adapter is no plain LoRA, or if its factors are not pairs `[rank, in]` and
 *   `[out, rank]` of finite entries on the targets that its configuration names.
 */
export async function readAdapter(source: string | Files, hub: HubOptions = {}): Promise<Adapter> {
  const caller = "readAdapter";
  const files = await openPlace(source, hub);
  const file = locate(files, configName);
  if ((await files.size(configName)) === undefined) {
    throw new RangeError(
      `${caller}: "${file}" must be a file, got no such file: is this a PEFT adapter folder?`,
    );
  }
  const config = parseAdapterConfig(parseJsonObject(caller, file, await files.read(configName)));
  const weights = await readSafetensors(files, weightsName);
  requireFactors(caller, { config, weights });
  return { config, weights };
}

/**
 * An adapter as the files of a PEFT folder; the same adapter always gives the same bytes.
 *
 * @param adapter - Read, not copied: the pieces view its arrays.
 * @returns Pieces by file name, for `writeFolder`.
 * @throws {RangeError} If the factors are not finite pairs on the targets.
 */
export function encodeAdapter(adapter: Adapter): Map<string, Uint8Array<ArrayBuffer>[]> {
  requireFactors("encodeAdapter", adapter);
  const text = `${JSON.stringify(adapterConfigFields(adapter.config), null, 2)}\n`;
  return new Map([
    [configName, [new TextEncoder().encode(text)]],
    [weightsName, encodeSafetensors(adapter.weights)],
  ]);
}

function requireFactors(caller: string, { config, weights }: Adapter): void {
  if (weights.size === 0) throw new RangeError(`${caller}: "${weightsName}" must hold factors, got none`);
  for (const [name, weight] of weights) {
    const [, path, factor] = factorName.exec(name) ?? [];
    if (path === undefined) {
      throw new RangeError(
        `${caller}: "${weightsName}" must hold names like "base_model.model.….lora_A.weight", got "${name}"`,
      );
    }
    if (!config.targets.some((target) => isTarget(path, target))) {
      throw new RangeError(
        `${caller}: "${weightsName}" must hold factors of ${config.targets.join(", ")}, got "${name}"`,
      );
    }
    const { shape } = weight;
    const rank = factor === "A" ? shape.at(0) : shape.at(1);
    if (shape.length !== 2 || rank !== config.rank) {
      const wanted = factor === "A" ? `[${config.rank}, in]` : `[out, ${config.rank}]`;
      throw new RangeError(`${caller}: "${name}" must have shape ${wanted}, got [${shape.join(", ")}]`);
    }
    const partner = `base_model.model.${path}.lora_${factor === "A" ? "B" : "A"}.weight`;
    if (!weights.has(partner)) {
      throw new RangeError(
        `${caller}: "${weightsName}" must hold both factors of a layer, got no "${partner}"`,
      );
    }
    requireFiniteWeight(caller, name, weight);
  }
}

function isTarget(path: string, target: string): boolean {
  return target === "all-linear" || path === target || path.endsWith(`.${target}`);
}
