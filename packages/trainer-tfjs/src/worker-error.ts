/**
 * The failure of a run whose worker threads are gone: which one ended and how, after which update, and what there is to go on from.
 *
 * @param cause - Why the workers are gone.
 * @param step - Updates made before.
 * @param checkpoint - The newest checkpoint of the run, or the one that it came from; undefined where there is none.
 * @returns An error by the name of `WorkerError`: no argument is to blame.
 */
export function workerError(cause: Error, step: number, checkpoint: string | undefined): Error {
  const what = cause.message.replace(/^startWorkers: /, "");
  const last = checkpoint === undefined ? "there is no checkpoint to go on from" : `${checkpoint} is whole`;
  const error = new Error(`train: ${what} after step ${step}; ${last}`, { cause });
  error.name = "WorkerError";
  return error;
}
