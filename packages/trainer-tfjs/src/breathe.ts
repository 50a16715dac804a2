/**
 * Lets the event loop turn once, so that timers, signals and input are served during a long computation, and throws
 * the signal's reason when it is aborted. On back ends that compute synchronously awaiting a tensor is not enough.
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
  signal?.throwIfAborted();
}
