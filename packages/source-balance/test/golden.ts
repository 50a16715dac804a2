import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../../shared/golden/colm/", import.meta.url);

export const hasGolden: boolean = existsSync(new URL("budgets.json", folder));

export interface BudgetCase {
  counts: number[];
  budget: number;
  floor: number[];
  ceil: number[];
  proportional_floor: number[];
  proportional_ceil: number[];
}

export function budgetCases(): BudgetCase[] {
  return JSON.parse(readFileSync(new URL("budgets.json", folder), "utf8")).cases;
}
