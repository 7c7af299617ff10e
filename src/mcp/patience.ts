const TICK_MS = 200;

/** Time that runs only while nobody else is waited for. */
export interface Patience {
  /** Stands still until the function is called that it gives. */
  readonly hold: () => () => void;
  /** Calls `over` once when `ms` have run, since the beginning or the last `renew`. */
  readonly limit: (
    ms: number,
    over: () => void,
  ) => { readonly renew: () => void; readonly end: () => void };
}

export function createPatience(elapsedMs: () => number): Patience {
  let held = 0;
  return {
    hold() {
      held++;
      let isHeld = true;
      return () => {
        if (isHeld) held--;
        isHeld = false;
      };
    },
    limit(ms, over) {
      let leftMs = ms;
      let at = elapsedMs();
      const timer = setInterval(
        () => {
          const now = elapsedMs();
          if (held === 0) leftMs -= now - at;
          at = now;
          if (leftMs > 0) return;
          clearInterval(timer);
          over();
        },
        Math.min(TICK_MS, ms),
      );
      return { renew: () => void (leftMs = ms), end: () => clearInterval(timer) };
    },
  };
}
