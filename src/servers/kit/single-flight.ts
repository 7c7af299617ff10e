import { Failure } from "./failure.ts";

/** More different things at a time are no cache any more, but a leak. */
const MAX_FLIGHTS = 10_000;

export interface SingleFlight {
  /**
   * The same work for one key runs once at a time; all who ask meanwhile get its answer. Its signal fires when nobody
   * waits any more.
   */
  readonly run: <Answer>(
    key: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Answer>,
  ) => Promise<Answer>;
}

interface Flight {
  readonly answer: Promise<unknown>;
  readonly stop: AbortController;
  waiting: number;
}

export function createSingleFlight(): SingleFlight {
  const flights = new Map<string, Flight>();

  function begin(key: string, work: (signal: AbortSignal) => Promise<unknown>): Flight {
    if (flights.size >= MAX_FLIGHTS) throw new Failure("RATE_LIMITED", "Too much is under way.");
    const stop = new AbortController();
    const answer = Promise.try(() => work(stop.signal));
    const flight = { answer, stop, waiting: 0 };
    flights.set(key, flight);
    const land = (): void => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    answer.then(land, land);
    return flight;
  }
  return {
    async run<Answer>(
      key: string,
      signal: AbortSignal,
      work: (signal: AbortSignal) => Promise<Answer>,
    ) {
      signal.throwIfAborted();
      const flight = flights.get(key) ?? begin(key, work);
      flight.waiting += 1;
      const { promise: left, reject } = Promise.withResolvers<never>();
      const leave = (): void => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      try {
        return (await Promise.race([flight.answer, left])) as Answer;
      } finally {
        signal.removeEventListener("abort", leave);
        flight.waiting -= 1;
        if (flight.waiting === 0 && signal.aborted) {
          if (flights.get(key) === flight) flights.delete(key);
          flight.stop.abort(signal.reason);
        }
      }
    },
  };
}
