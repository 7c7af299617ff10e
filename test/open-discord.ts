import { randomUUID } from "node:crypto";
import { expect, onTestFinished } from "vitest";
import { systemClock } from "../src/core/clock.ts";
import type { FaultPoint } from "../src/core/fault.ts";
import type { LogFields } from "../src/core/log.ts";
import { silentLog } from "../src/core/log.ts";
import type { Inbox } from "../src/core/stores.ts";
import type { Setup } from "../src/core/setup.ts";
import {
  createDiscord,
  type Discord,
  type DiscordDeps,
  type DiscordOptions,
} from "../src/discord/index.ts";
import type { FakeDiscord } from "./fake-discord/index.ts";
import { openEmbeddedStore, type TestStore } from "./open-test-store.ts";

/** What the front door asked of the store, a line each: `accept Hi (mention) queued`, `hear one | two`. */
export interface Witness {
  readonly lines: string[];
  /** While true, the store is away: everything asked of the inbox fails. */
  isAway: boolean;
  /** Resolves when there is such a line, or when there is one after `from` lines. */
  readonly until: (line: string | RegExp, from?: number) => Promise<void>;
}

export interface OpenDiscord {
  readonly clara: Discord;
  readonly store: TestStore;
  readonly witness: Witness;
  readonly passed: FaultPoint[];
  /** Event names of warnings and errors. */
  readonly warnings: string[];
  readonly pokes: () => number;
  /** Ends the service and gives what it ended with; null for nothing. */
  readonly stop: () => Promise<unknown>;
  /** Resolves when the service has ended by itself, with why. */
  readonly ended: Promise<unknown>;
}

/** The real front door, with the real store behind it, before a Discord of the test's own. */
export async function openDiscord(
  discord: FakeDiscord,
  change: Partial<DiscordOptions> = {},
  given: TestStore | null = null,
  more: Partial<DiscordDeps> = {},
): Promise<OpenDiscord> {
  const store = given ?? (await openEmbeddedStore());
  if (!given) onTestFinished(() => store[Symbol.asyncDispose]());
  const open = beginDiscord(discord, change, store, more);
  onTestFinished(async () => void (await open.stop()));
  return open;
}

/** The same for several tests: who begins it stops it. */
export function beginDiscord(
  discord: FakeDiscord,
  change: Partial<DiscordOptions>,
  store: TestStore,
  more: Partial<DiscordDeps> = {},
): OpenDiscord {
  const { inbox, witness } = watch(store.inbox);
  const passed: FaultPoint[] = [];
  const warnings: string[] = [];
  let pokes = 0;
  const note = (_: LogFields, event: string) => void warnings.push(event);
  const clara = createDiscord(
    {
      ...store,
      inbox,
      clock: systemClock,
      createControlId: () => randomUUID().replaceAll("-", "").slice(0, 16),
      random: () => 0.5,
      log: { ...silentLog, warn: note, error: note },
      fault: (point) => void passed.push(point),
      readTier: (text) =>
        text.startsWith("!high ")
          ? { tier: "high", text: text.slice("!high ".length) }
          : { tier: null, text },
      info: () => ({
        version: "1.2.3",
        models: { high: "big", mid: "usual", low: "small" },
        database: "embedded",
      }),
      poke: () => void pokes++,
      setup: NO_SETUP,
      ownSettings: { changed: () => {} },
      defaults: () => ({ tier: "mid", autoTier: false }),
      timeZone: "UTC",
      asker: { isAble: false, maxChars: 10_000, ask: async () => ({ kind: "busy" }) },
      budgetsLeft: async () => [],
      troubles: async () => [],
      changelog: async () => null,
      pokeReminders: () => {},
      tools: () => [],
      ...more,
    },
    { ...defaults(discord), ...change },
  );
  const stopping = new AbortController();
  const ended = clara.service.run(stopping.signal).then(
    () => null,
    (error: unknown) => error,
  );
  const stop = () => {
    stopping.abort();
    return ended;
  };
  return { clara, store, witness, passed, warnings, pokes: () => pokes, stop, ended };
}

/** Nothing can be set up, and nothing has to be. */
const NO_SETUP: Setup = {
  isDemo: () => false,
  providers: [],
  enterKey: async () => ({ kind: "refused", words: "Not in this test." }),
};

/** As `openDiscord`, and online. */
export async function goOnline(...given: Parameters<typeof openDiscord>): Promise<OpenDiscord> {
  const open = await openDiscord(...given);
  await given[0].botIsOnline();
  await expect.poll(() => open.clara.state()).toBe("ready");
  return open;
}

/** Resolves when the slash commands are there for people to run. */
export const commandsAreThere = (discord: FakeDiscord): Promise<void> =>
  discord.until(
    () => discord.journal.rest({ method: "PUT" }).some(({ status }) => status === 200),
    "the commands",
  );

const defaults = ({ token, apiBase }: FakeDiscord): DiscordOptions => ({
  token,
  apiBase,
  messageContent: true,
  botName: "Clara",
  allowedServers: new Set(),
  allowedChannels: new Set(),
  allowedRoles: new Set(),
  adminRoleId: null,
  stopPhrases: ["clara stop", "never mind"],
  maxOpen: 1_000,
  answerButtons: true,
});

function watch(inbox: Inbox): { readonly inbox: Inbox; readonly witness: Witness } {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const tell = (line: string) => {
    lines.push(line);
    for (const look of waiting) look();
  };
  const witness: Witness = {
    lines,
    isAway: false,
    until(line, from = 0) {
      const fits = (told: string) => (typeof line === "string" ? told === line : line.test(told));
      return new Promise((resolve) => {
        const look = () => {
          if (!lines.slice(from).some(fits)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
  };
  const present = (what: string) => {
    if (!witness.isAway) return;
    tell(`away ${what}`);
    throw new Error("The database is away");
  };
  return {
    witness,
    inbox: {
      async accept(scope, message, answering, notice) {
        present(`accept ${message.text}`);
        const accepted = await inbox.accept(scope, message, answering, notice);
        tell(`accept ${message.text} (${answering.trigger}) ${accepted.kind}`);
        return accepted;
      },
      async hear(hearings) {
        const heard = `hear ${hearings.map(({ message }) => message.text).join(" | ")}`;
        present(heard);
        await inbox.hear(hearings);
        tell(heard);
      },
      async revise(scope, id, text) {
        present(`revise ${text}`);
        const revised = await inbox.revise(scope, id, text);
        tell(`revise ${text} ${revised.kind}`);
        return revised;
      },
      async forget(ids) {
        present(`forget ${ids.length}`);
        const stopping = await inbox.forget(ids);
        tell(`forget ${ids.length}`);
        return stopping;
      },
      async watermarks(platform) {
        present("watermarks");
        return inbox.watermarks(platform);
      },
    },
  };
}
