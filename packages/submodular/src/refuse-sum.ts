import { wrongValue } from "@colm/array";
import type { Tile } from "./tiles.ts";

/** Refuses a tile with an entry that left the range of float32, naming the first one. */
export function refuseSum(caller: string, { values, width }: Tile, first: number, from: number): never {
  const place = values.findIndex((value) => value - value !== 0);
  const [i, j] = [first + Math.floor(place / width), from + (place % width)];
  throw wrongValue(
    caller,
    "points",
    "give sums within float32",
    values[place],
    `[${i}, ${j}]; scale them down`,
  );
}
