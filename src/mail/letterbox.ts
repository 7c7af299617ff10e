import type { WatchedAccount } from "../core/mail-queue.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { watchAccount, type WatchDeps, type WatchOptions } from "./watch-account.ts";

/** How often it is looked for accounts that came, went or were changed. */
const LOOK_EVERY_MS = 4_000;
/** Another process takes over what this one has left behind. */
const LEASE_MS = 12_000;

export interface Letterbox extends Service {
  /** An account was added or changed. */
  readonly poke: () => void;
}

export interface LetterboxOptions extends WatchOptions {
  /** Random; of this process alone. */
  readonly worker: string;
  readonly leaseMs?: number;
}

interface Watch {
  readonly account: WatchedAccount;
  readonly stop: () => Promise<void>;
}

/** Watches all accounts that no other process watches, one connection each. */
export function createLetterbox(
  deps: WatchDeps,
  { worker, leaseMs = LEASE_MS, ...options }: LetterboxOptions,
): Letterbox {
  const { queue, log } = deps;
  const watches = new Map<number, Watch>();
  let bell = new AbortController();

  function begin(account: WatchedAccount, signal: AbortSignal): void {
    const stopping = new AbortController();
    const ended = watchAccount(
      deps,
      account,
      options,
      AbortSignal.any([signal, stopping.signal]),
    ).catch((error: unknown) => {
      log.error({ accountId: account.id, error: asError(error) }, "mail-watch-broke");
    });
    watches.set(account.id, {
      account,
      stop() {
        stopping.abort();
        return ended;
      },
    });
  }

  async function end(id: number): Promise<void> {
    const watch = watches.get(id);
    watches.delete(id);
    await watch?.stop();
  }

  async function look(signal: AbortSignal): Promise<void> {
    const claimed = await queue.claim(worker, leaseMs);
    const wanted = new Map(claimed.map((account) => [account.id, account]));
    for (const [id, { account }] of watches)
      if (wanted.get(id)?.revision !== account.revision || wanted.get(id)?.zone !== account.zone)
        await end(id);
    for (const account of claimed) if (!watches.has(account.id)) begin(account, signal);
  }

  return {
    name: "mail",
    poke: () => bell.abort(),
    async run(signal) {
      while (!signal.aborted) {
        bell = new AbortController();
        await look(signal).catch((error: unknown) => {
          if (!signal.aborted) log.warn({ error: asError(error) }, "mail-look-failed");
        });
        const everyMs = Math.min(LOOK_EVERY_MS, leaseMs / 3);
        await pause(everyMs, AbortSignal.any([signal, bell.signal]));
      }
      await Promise.all([...watches.keys()].map(end));
      await queue.release(worker).catch(() => {}); // The lease ends by itself.
    },
  };
}
