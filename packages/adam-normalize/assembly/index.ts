export { gradientSums } from "./gradient-sums";
export { normalizedRows, normalizedSums } from "./normalized";
