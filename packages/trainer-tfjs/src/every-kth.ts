import type { Selector, SelectorState } from "@colm/coreset";

/**
 * A selector that asks `selector` at every k-th step and `between` at the others, which leaves the history as it is.
 *
 * @param selector - Asked at the steps 0, k, 2 k, …
 * @param between - Asked at the others; one whose state is that of `selector`, such as `keep-random`.
 * @param every - k, an integer of at least 1; 1 gives `selector` itself.
 * @returns The selector; `needsAt` says what each step needs.
 */
export function everyKth(selector: Selector, between: Selector, every: number): Selector {
  if (every === 1) return selector;
  const at = ({ step }: SelectorState): Selector => (step % every === 0 ? selector : between);
  return {
    needs: selector.needs,
    needsAt: (state) => at(state).needsAt(state),
    init: () => selector.init(),
    select: (state, pool) => at(state).select(state, pool),
    remember: (state, seen) => selector.remember(state, seen),
  };
}
