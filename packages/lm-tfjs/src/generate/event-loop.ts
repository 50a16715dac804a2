/**
 * Lets the event loop turn once and throws the signal's reason when it is aborted by then. On back ends that compute synchronously awaiting
 * a tensor is not enough: no timer, signal or input would be served while a text is written.
 */
export async function turnEventLoop(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else sendMessage(resolve);
  });
  signal?.throwIfAborted();
}

/** Browsers make timers that follow one another wait 4 ms, which is longer than a token of a small model takes; messages they do not. */
function sendMessage(received: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    received();
  };
  port2.postMessage(undefined);
}
