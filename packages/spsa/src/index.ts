export { type CoefficientStatistics, coefficientStatistics } from "./coefficient-statistics.ts";
export { dense } from "./dense.ts";
export { direction } from "./direction.ts";
export {
  type DirectionalGradients,
  directionalGradients,
  requireDirectionalGradients,
} from "./directional-gradients.ts";
export { finiteRows, gatherRows } from "./finite-rows.ts";
export { type Directions, directionSeed, perturbation, sameDirections } from "./perturbation.ts";
export { requireEstimates } from "./require-estimates.ts";
export { type PerExampleLoss, spsa } from "./spsa.ts";
export type { SpsaOptions } from "./spsa-options.ts";
export { applySteps, type ZerothOrderStep, zerothOrderStep } from "./zeroth-order-step.ts";
