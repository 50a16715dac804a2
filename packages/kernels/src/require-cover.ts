import { requireVector, wrongValue } from "@colm/array";

/** Requires a cover of so many points, every entry within float32, in which it is compared. */
export function requireCover(cover: ArrayLike<number>, points: number): void {
  requireVector("gains", "cover", cover, points);
  for (let i = 0; i < points; i++) {
    if (!Number.isFinite(Math.fround(cover[i]))) {
      throw wrongValue("gains", "cover", "be within float32", cover[i], i);
    }
  }
}
