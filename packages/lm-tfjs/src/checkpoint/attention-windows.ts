import { describe } from "@colm/array";
import type { WindowRule } from "../model/architectures/architecture.ts";
import { flag, type JsonObject, positiveInteger, wrongKind } from "./json-fields.ts";

/** How many keys a query of each layer sees at most; null where it sees all before it. */
export type Windows = readonly (number | null)[];

/** The windows of a `config.json`: `sliding_window`, and which layers it holds for. */
export function parseWindows(caller: string, value: JsonObject, rule: WindowRule, layers: number): Windows {
  const none = new Array<null>(layers).fill(null);
  if (rule === "never" || (value.sliding_window ?? null) === null) return none;
  if (rule === "by-layer" && !flag(caller, value, "use_sliding_window", false)) return none;
  const window = positiveInteger(caller, value, "sliding_window");
  if (rule === "always") return none.map(() => window);
  return slidingLayers(caller, value, layers).map((slides) => (slides ? window : null));
}

function slidingLayers(caller: string, value: JsonObject, layers: number): boolean[] {
  const types = value.layer_types ?? null;
  if (types === null) {
    const full = value.max_window_layers;
    if (typeof full !== "number") throw wrongKind(caller, "max_window_layers", "a number", full);
    return Array.from({ length: layers }, (_, layer) => layer >= full);
  }
  if (!Array.isArray(types) || types.length !== layers) {
    throw wrongKind(caller, "layer_types", `a list of ${layers} (num_hidden_layers)`, types);
  }
  return types.map((type) => {
    if (type === "sliding_attention") return true;
    if (type === "full_attention") return false;
    throw new RangeError(
      `${caller}: "layer_types" must hold "full_attention" or "sliding_attention", got ${describe(type)}`,
    );
  });
}

/** The windows in the fields of `config.json`. */
export function windowFields(rule: WindowRule, windows: Windows): JsonObject {
  if (rule === "never") return {};
  const window = windows.find((size) => size !== null) ?? null;
  if (rule === "always") return { sliding_window: window };
  const first = windows.findIndex((size) => size !== null);
  return {
    layer_types: windows.map((size) => (size === null ? "full_attention" : "sliding_attention")),
    max_window_layers: first === -1 ? windows.length : first,
    sliding_window: window,
    use_sliding_window: window !== null,
  };
}
