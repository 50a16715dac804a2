/**
 * Has pieces done by whoever is free and takes the results in the order of the pieces.
 *
 * @param hands - Who does pieces, one at a time each.
 * @param count - Pieces; at most `2 hands` of them are begun and not yet taken.
 * @param work - Does piece `k`.
 * @param take - Receives result 0, then 1, and so on.
 * @returns When all are taken. Rejects with the first failure or, at once, with the signal's reason; no piece is begun after that.
 */
export function inOrder<Hand, Result>(
  hands: readonly Hand[],
  count: number,
  work: (hand: Hand, k: number) => Promise<Result>,
  take: (result: Result, k: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const ready = new Map<number, { readonly result: Result }>();
  const free = [...hands];
  let begun = 0;
  let taken = 0;
  let over = false;
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      if (over) return;
      over = true;
      signal?.removeEventListener("abort", abort);
      settle();
    };
    const abort = (): void => finish(() => reject(signal?.reason));
    const begin = (): void => {
      while (!over && begun < count && begun < taken + 2 * hands.length) {
        const hand = free.pop();
        if (hand === undefined) return;
        const k = begun++;
        work(hand, k).then(
          (result) => {
            if (over) return;
            free.push(hand);
            ready.set(k, { result });
            try {
              takeReady();
            } catch (error) {
              finish(() => reject(error));
            }
            begin();
            if (taken === count) finish(resolve);
          },
          (error: unknown) => finish(() => reject(error)),
        );
      }
    };
    const takeReady = (): void => {
      for (let next = ready.get(taken); next && !over; next = ready.get(taken)) {
        ready.delete(taken);
        take(next.result, taken);
        taken++;
      }
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort, { once: true });
    if (count === 0) finish(resolve);
    begin();
  });
}
