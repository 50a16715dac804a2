/**
 * Lets the event loop turn once and throws the signal's reason when it is aborted by then. On back ends that compute synchronously awaiting
 * a tensor is not enough: no timer, signal or input would be served while a text is written.
 */
export async function turnEventLoop(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
  signal?.throwIfAborted();
}
