/**
 * How soon a mail is told of, and what idle mailboxes cost: `npm run bench:mail`. A Dovecot of its own, on the loopback;
 * PostgreSQL by DATABASE_URL, a database of its own, which is written to. It measures and does not judge.
 */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { createClockwork } from "../../src/agent/clockwork.ts";
import type { Announcer } from "../../src/core/announcer.ts";
import { systemClock } from "../../src/core/clock.ts";
import { noFault } from "../../src/core/fault.ts";
import { userId } from "../../src/core/ids.ts";
import { silentLog } from "../../src/core/log.ts";
import { mailSecretName } from "../../src/core/mail.ts";
import { aloneScope } from "../../src/core/principal.ts";
import { runTogether } from "../../src/lib/run-together.ts";
import { openImap } from "../../src/mail/imap.ts";
import { createLetterbox } from "../../src/mail/letterbox.ts";
import { createMimeThread } from "../../src/mail/mime-thread.ts";
import { tellDue } from "../../src/mail/tell-alerts.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { openDovecot, type Dovecot } from "../../test/dovecot.ts";
import { addAccount, fitsAll } from "../../test/mail-rows.ts";
import { mailOf } from "../../test/mail-stage.ts";
import { medianAnd95th } from "../percentile.ts";

const { values } = parseArgs({
  options: {
    mails: { type: "string", default: "15" },
    polled: { type: "string", default: "10" },
    accounts: { type: "string", default: "50" },
  },
});
const url = process.env["DATABASE_URL"];
if (url === undefined) throw new Error("DATABASE_URL is not set");
const KEY = { id: "bench", bytes: Buffer.alloc(32, 7) };

await using dovecot = await openDovecot();
await using deaf = await openDovecot({ capability: "IMAP4rev1 SASL-IR LITERAL+ NAMESPACE" });
await using store = await openStore(
  { log: silentLog, fault: noFault, random: Math.random, createId: randomUUID, keys: [KEY] },
  { kind: "server", url },
);

console.log("idle accounts", await idleAccounts(Number(values.accounts)));
console.log("told after so many ms, with IDLE", await latency(dovecot, Number(values.mails), 400));
console.log("polled every 60 s", await latency(deaf, Number(values.polled), 11_000));

async function mailbox(at: Dovecot, person: number): Promise<{ id: number; name: string }> {
  const name = `ana${person}`;
  await at.addUser(name, "bench-secret");
  const owner = userId(`discord:${person}`);
  const scope = aloneScope("discord", owner);
  const address = `${name}@localhost`;
  await store.secrets.put(
    { kind: "person", userId: owner },
    mailSecretName({ address }),
    "bench-secret",
  );
  const id = await addAccount(store, scope, {
    address,
    login: name,
    imap: at.imap,
    smtp: null,
    pollMinutes: 1,
  });
  await store.mailRules.save(scope, fitsAll());
  return { id, name };
}

/** From the moment at which a mail lies in the mailbox to the request that tells of it. */
async function latency(at: Dovecot, mails: number, everyMs: number) {
  const { id, name } = await mailbox(at, Math.floor(Math.random() * 1e9) + 1_000_000);
  const told = new Map<string, number>();
  await using _ = watch(at, store, {
    async announce({ place, key, card }) {
      told.set(card?.title.replace("📬 ", "") ?? "", performance.now());
      return { kind: "said", place, messageId: key };
    },
  });
  await until(async () => (await store.mailQueue.cursor(id, "INBOX")) !== null);
  const sent = new Map<string, number>();
  for (let index = 0; index < mails; index++) {
    const subject = `bench ${index}`;
    await at.deliver(name, mailOf(subject));
    sent.set(subject, performance.now());
    await pause(everyMs);
  }
  await until(async () => [...sent.keys()].every((subject) => told.has(subject)));
  await store.mailAccounts.remove(aloneScope("discord", userId(`discord:${name.slice(3)}`)), id);
  const took = [...sent].map(([subject, from]) => (told.get(subject) ?? 0) - from);
  const [p50 = NaN, p95 = NaN] = medianAnd95th(took).map(Math.round);
  return { mails, p50, p95 };
}

/** What so many mailboxes cost that wait for mail, beside the program itself. */
async function idleAccounts(howMany: number) {
  const ids: number[] = [];
  for (let person = 1; person <= howMany; person++) ids.push((await mailbox(dovecot, person)).id);
  await using _gone = {
    async [Symbol.asyncDispose]() {
      for (const [index, id] of ids.entries())
        await store.mailAccounts.remove(aloneScope("discord", userId(`discord:${index + 1}`)), id);
    },
  };
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  await using _ = watch(dovecot, store, {
    announce: () => Promise.reject(new Error("Nothing to tell")),
  });
  for (const id of ids)
    await until(async () => (await store.mailQueue.cursor(id, "INBOX")) !== null);
  await pause(5_000);
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  await pause(10_000);
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = (process.memoryUsage().rss - before) / 1e6;
  return {
    accounts: howMany,
    connections: howMany,
    megabytes: Math.round(megabytes),
    megabytesEach: Number((megabytes / howMany).toFixed(2)),
    cpuPercent: Number(((user + system) / 1e5).toFixed(2)),
  };
}

function watch({ ca }: Dovecot, opened: Store, announcer: Announcer): AsyncDisposable {
  const net = { findHost: async () => ({ kind: "host", addresses: ["127.0.0.1"] }) as const, ca };
  const shared = { clock: systemClock, fault: noFault, log: silentLog };
  const telling = createClockwork(
    "mail alerts",
    { now: systemClock.now, log: silentLog },
    {
      doDue: (limit, signal) =>
        tellDue(
          { ...shared, queue: opened.mailAlerts, announcer, summarise: async () => null },
          limit,
          signal,
        ),
      nextDue: opened.mailAlerts.nextDue,
    },
  );
  const letterbox = createLetterbox(
    {
      ...shared,
      queue: opened.mailQueue,
      read: createMimeThread(),
      timeZone: "UTC",
      poke: telling.poke,
      open: (connection, secret, signal) => openImap(net, connection, secret, signal),
      secretOf: (account) =>
        opened.secrets.get({ kind: "person", userId: account.owner }, mailSecretName(account)),
      random: Math.random,
    },
    { worker: randomUUID(), maxBackoffMs: 1_000, checkEveryMs: 60_000 },
  );
  const stopping = new AbortController();
  const running = runTogether([letterbox, telling], stopping.signal);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(50);
}
