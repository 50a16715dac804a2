/** The part of an `AbortSignal` that is read here, so that no platform's types are needed. */
export interface Abort {
  readonly aborted: boolean;
  throwIfAborted(): void;
}
