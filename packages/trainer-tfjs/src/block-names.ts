/** The number of the block in `model.layers.3.mlp…` or `transformer.h.3.mlp…`; -1 outside of the blocks. */
export function blockOf(name: string): number {
  return Number(/\.(?:layers|h)\.(\d+)\./.exec(name)?.[1] ?? -1);
}

/** Whether a parameter is a factor of an adapter. */
export function isFactor(name: string): boolean {
  return name.includes(".lora_");
}

/** Maps that get an adapter where nobody names them; undefined where that is left to PEFT's own choice. */
export function defaultTargets(modelType: string): string[] | undefined {
  if (modelType === "phi") return ["q_proj", "k_proj", "v_proj", "fc1", "fc2"];
  const separate = ["llama", "mistral", "qwen2", "qwen3", "stablelm"].includes(modelType);
  return separate ? ["q_proj", "k_proj", "v_proj", "o_proj"] : undefined;
}
