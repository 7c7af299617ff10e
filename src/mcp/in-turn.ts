/**
 * Lets so many things run at the same time; the others wait, in their order. What takes longer than `placeMs` goes on
 * without its place: the next one does not wait for it.
 */
export function createTurns(most: number, placeMs: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async <Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> => {
    signal.throwIfAborted();
    if (running >= most) await place(signal);
    else running++;
    const leave = once(free);
    const timer = setTimeout(leave, placeMs);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      clearTimeout(timer);
      leave();
    }
  };

  function free(): void {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }

  /** Resolves with a place; who goes away gives up his. */
  function place(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      waiting.push(take);
    });
  }
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}
