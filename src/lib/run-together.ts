/** What lives: `run` resolves when drained after the signal, and rejects when broken. */
interface Living {
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/**
 * Runs all services together. When one ends or breaks, or `signal` fires, all are stopped and drained.
 * Rejects with an AggregateError of what broke, after the last one has ended.
 */
export async function runTogether(services: readonly Living[], signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const any = AbortSignal.any([signal, stop.signal]);
  const running = services.map((service) =>
    Promise.try(() => service.run(any)).finally(() => stop.abort()),
  );
  const results = await Promise.allSettled(running);
  const failures = results.flatMap((result): readonly unknown[] =>
    result.status === "rejected" ? [result.reason] : [],
  );
  if (failures.length > 0) throw new AggregateError(failures, "A service stopped unexpectedly");
}
