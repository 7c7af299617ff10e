import type { Announcer } from "../core/announcer.ts";

type Listener = (text: string) => void;

export interface TerminalAnnouncements {
  readonly announcer: Announcer;
  /** What is announced from now on, whichever conversation it was set in: one person sits here. Gives the way to stop. */
  readonly listen: (listener: Listener) => () => void;
}

/** Things that are said by the clock, to whoever sits at the terminal. While nobody does, they wait. */
export function createTerminalAnnouncements(): TerminalAnnouncements {
  const listeners = new Set<Listener>();
  return {
    announcer: {
      async announce({ key, place, text }) {
        if (listeners.size === 0) throw new Error("Nobody sits at the terminal");
        for (const tell of listeners) tell(text);
        return { kind: "said", place, messageId: key };
      },
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
