/** An error of the packages: the name of a function, then that of its argument. */
const REFUSAL = /^\w+(?=: ")/;

/**
 * The error of a function inside, under the name of the public function that was called; other errors as they are. The original is
 * its cause.
 */
function renamed(caller: string, error: unknown): unknown {
  if (!(error instanceof TypeError || error instanceof RangeError) || !REFUSAL.test(error.message))
    return error;
  const message = error.message.replace(REFUSAL, caller);
  if (message === error.message) return error;
  return error instanceof TypeError
    ? new TypeError(message, { cause: error })
    : new RangeError(message, { cause: error });
}

/** Does `work`; what it refuses is refused in the name of `caller`. */
export function inTheNameOf<Result>(caller: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw renamed(caller, error);
  }
}

/** The same for work that takes its time. */
export async function inTheNameOfLater<Result>(
  caller: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw renamed(caller, error);
  }
}
