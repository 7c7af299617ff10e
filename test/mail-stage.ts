import { createClockwork } from "../src/agent/clockwork.ts";
import { announcing, type Announced } from "./announced.ts";
import type { Announcer } from "../src/core/announcer.ts";
import type { Clock } from "../src/core/clock.ts";
import { noFault, type Fault } from "../src/core/fault.ts";
import { silentLog } from "../src/core/log.ts";
import { mailSecretName, type NewMailAccount } from "../src/core/mail.ts";
import type { Scope } from "../src/core/principal.ts";
import { runTogether } from "../src/lib/run-together.ts";
import { openImap } from "../src/mail/imap.ts";
import { createLetterbox, type Letterbox } from "../src/mail/letterbox.ts";
import { createMimeThread } from "../src/mail/mime-thread.ts";
import { tellDue } from "../src/mail/tell-alerts.ts";
import type { WatchDeps } from "../src/mail/watch-account.ts";
import type { Dovecot } from "./dovecot.ts";
import { addAccount, fitsAll, privateScope } from "./mail-rows.ts";
import type { TestStore } from "./open-test-store.ts";

const clock: Clock = { now: () => new Date(), elapsedMs: () => performance.now() };
const MAX_BACKOFF_MS = 500;

export interface Watching extends AsyncDisposable {
  readonly letterbox: Letterbox;
  /** What was told, in order. */
  readonly told: readonly Announced[];
  readonly subjects: () => readonly string[];
}

/** The real letterbox and the real teller on the loopback, with the store of the test. */
export function watchMail(
  store: TestStore,
  { ca }: Pick<Dovecot, "ca">,
  change: Partial<WatchDeps> & {
    readonly fault?: Fault;
    readonly leaseMs?: number;
    readonly checkEveryMs?: number;
    readonly announcer?: Announcer;
  } = {},
): Watching {
  const { fault = noFault, leaseMs = 3_000, checkEveryMs, announcer: given, ...more } = change;
  const { told, announcer: own } = announcing();
  const announcer = given ?? own;
  const net = {
    findHost: async () => ({ kind: "host", addresses: ["127.0.0.1"] }) as const,
    ca,
  };
  const telling = createClockwork(
    "mail alerts",
    { now: clock.now, log: silentLog },
    {
      doDue: (limit, signal) =>
        tellDue(
          {
            queue: store.mailAlerts,
            announcer,
            summarise: async () => null,
            clock,
            fault,
            log: silentLog,
          },
          limit,
          signal,
        ),
      nextDue: store.mailAlerts.nextDue,
    },
  );
  const letterbox = createLetterbox(
    {
      queue: store.mailQueue,
      read: createMimeThread(),
      clock,
      timeZone: "UTC",
      poke: telling.poke,
      open: (connection, secret, signal) => openImap(net, connection, secret, signal),
      secretOf: (account) =>
        store.secrets.get({ kind: "person", userId: account.owner }, mailSecretName(account)),
      random: () => 0.5,
      log: silentLog,
      ...more,
      fault,
    },
    {
      worker: crypto.randomUUID(),
      leaseMs,
      maxBackoffMs: MAX_BACKOFF_MS,
      ...(checkEveryMs === undefined ? {} : { checkEveryMs }),
    },
  );
  const stopping = new AbortController();
  const running = runTogether([letterbox, telling], stopping.signal);
  return {
    letterbox,
    told,
    subjects: () => told.map(({ card }) => card?.title.replace("📬 ", "") ?? ""),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

/** A mailbox at the Dovecot that its owner has connected, and a rule for every mail. */
export async function connectMailbox(
  store: TestStore,
  dovecot: Dovecot,
  given: Scope,
  { name, change = {} }: { readonly name: string; readonly change?: Partial<NewMailAccount> },
): Promise<number> {
  const scope = privateScope(given);
  await dovecot.addUser(name, `secret-${name}`);
  const id = await addAccount(store, scope, {
    address: `${name}@localhost`,
    login: name,
    imap: dovecot.imap,
    ...change,
  });
  const owner = { kind: "person", userId: scope.principal.userId } as const;
  const address = change.address ?? `${name}@localhost`;
  await store.secrets.put(owner, mailSecretName({ address }), `secret-${name}`);
  await store.mailRules.save(scope, fitsAll());
  return id;
}

let made = 0;
/** A mail like any other; its subject is of letters that show as they are. */
export const mailOf = (subject: string, { from = "Ben <ben@example.org>", text = "Hello." } = {}) =>
  [
    `From: ${from}`,
    "To: ana@localhost",
    `Subject: ${subject}`,
    `Message-ID: <${++made}.${subject.replaceAll(/\W/g, "")}@example.org>`,
    `Date: ${new Date().toUTCString()}`,
    "",
    text,
    "",
  ].join("\r\n");
