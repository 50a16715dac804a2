import * as tf from "@tensorflow/tfjs-core";

/** The values of float32 tensors by name; the tensors stay the caller's. */
export async function floatData(tensors: ReadonlyMap<string, tf.Tensor>): Promise<Map<string, Float32Array>> {
  const data = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) {
    const values = await tensor.data();
    if (!(values instanceof Float32Array)) {
      throw new TypeError(`floatData: "${name}" must be a float32 tensor, got ${tensor.dtype}`);
    }
    data.set(name, values);
  }
  return data;
}

/** Gives each variable the values of its name; the arrays may be kept by the back end and must not be written to. */
export function assignAll(
  variables: ReadonlyMap<string, tf.Variable>,
  values: ReadonlyMap<string, Float32Array>,
): void {
  for (const [name, variable] of variables) {
    const next = values.get(name);
    if (next === undefined) throw new RangeError(`assignAll: "values" must have "${name}"`);
    const tensor = tf.tensor(next, variable.shape, "float32");
    variable.assign(tensor);
    tensor.dispose();
  }
}
