import type { Draw } from "../../problems/draw.ts";

/** A sentence that states a sum, a difference, a product or a share of natural numbers. */
export function sums(draw: Draw): string {
  return draw.pick([plus, plus, minus, minus, times, divided])(draw);
}

function plus(draw: Draw): string {
  const a = draw.between(0, 60);
  const b = draw.between(0, 39);
  return draw.pick([
    `${a} + ${b} = ${a + b}`,
    `${a} plus ${b} is ${a + b}.`,
    `${a} and ${b} more make ${a + b}.`,
  ]);
}

function minus(draw: Draw): string {
  const a = draw.between(1, 60);
  const b = draw.between(0, a);
  return draw.pick([
    `${a} - ${b} = ${a - b}`,
    `${a} less ${b} is ${a - b}.`,
    `${b} away from ${a} are ${a - b} left.`,
  ]);
}

function times(draw: Draw): string {
  const a = draw.between(2, 12);
  const b = draw.between(2, 9);
  return draw.pick([
    `${a} x ${b} = ${a * b}`,
    `${a} times ${b} is ${a * b}.`,
    `${a} bags of ${b} are ${a * b} in all.`,
  ]);
}

function divided(draw: Draw): string {
  const a = draw.between(1, 9);
  const b = draw.between(2, 9);
  return draw.pick([`${a * b} / ${b} = ${a}`, `${a * b} among ${b} is ${a} for each.`]);
}
