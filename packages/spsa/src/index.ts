export { dense } from "./dense.ts";
export { direction } from "./direction.ts";
export {
  type DirectionalGradients,
  directionalGradients,
  requireDirectionalGradients,
} from "./directional-gradients.ts";
export { finiteRows, gatherRows } from "./finite-rows.ts";
export { type Directions, perturbation, sameDirections } from "./perturbation.ts";
export { type PerExampleLoss, type SpsaOptions, spsa } from "./spsa.ts";
