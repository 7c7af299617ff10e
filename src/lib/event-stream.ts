/** Events that somebody pushes and somebody else takes, in order. Its bound is whoever pushes. */
export interface EventStream<Event> extends AsyncIterable<Event> {
  readonly push: (event: Event) => void;
  /** After what was pushed. */
  readonly end: () => void;
  /** After what was pushed. The first ending counts. */
  readonly fail: (reason: unknown) => void;
}

/** For one taker. */
export function createEventStream<Event>(): EventStream<Event> {
  const waiting: Event[] = [];
  let ending: { readonly reason: unknown } | "end" | null = null;
  let wake = Promise.withResolvers<void>();

  async function* take(): AsyncGenerator<Event> {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (ending === "end") return;
      else if (ending !== null) throw ending.reason;
      else await wake.promise;
    }
  }

  function wakeUp(): void {
    wake.resolve();
    wake = Promise.withResolvers();
  }

  return {
    push(event) {
      waiting.push(event);
      wakeUp();
    },
    end() {
      ending ??= "end";
      wakeUp();
    },
    fail(reason) {
      ending ??= { reason };
      wakeUp();
    },
    [Symbol.asyncIterator]: take,
  };
}
