export { gradientSums } from "./gradient-sums";
export { normalizedRows, normalizedScores } from "./normalized";
export { addNormalized } from "./stored";
