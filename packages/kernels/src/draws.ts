/** Standard normal draws by a counter-based generator. */
export interface Draws {
  /** Streams, from `stream` on. */
  readonly count: number;
  /** Draws of each stream, from `start` on. */
  readonly length: number;
  /** Integer in `[0, 2^53)`. */
  readonly seed: number;
  readonly stream: number;
  readonly start: number;
}
