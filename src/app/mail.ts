/** People's mailboxes: watched, told of, and there to be asked. */
import { randomUUID } from "node:crypto";
import { createAsker } from "../agent/ask-aside.ts";
import { createClockwork } from "../agent/clockwork.ts";
import { createRuleWriter, readForOwner } from "../agent/mail-models.ts";
import type { Announcer } from "../core/announcer.ts";
import { systemClock } from "../core/clock.ts";
import { conversationId } from "../core/ids.ts";
import { mailSecretName } from "../core/mail.ts";
import type { MailDesk, RuleWriter } from "../core/mail-desk.ts";
import type { Conversation } from "../core/message.ts";
import { aloneScope, type Scope } from "../core/principal.ts";
import type { Service } from "../core/service.ts";
import { createDesk } from "../mail/desk.ts";
import { openImap } from "../mail/imap.ts";
import { createLetterbox } from "../mail/letterbox.ts";
import { createMimeThread } from "../mail/mime-thread.ts";
import { tellDue } from "../mail/tell-alerts.ts";
import type { Tool } from "../core/tool.ts";
import { mailTools } from "../tools/mail/all.ts";
import type { House } from "./house.ts";

export interface Mail {
  readonly desk: MailDesk;
  readonly writer: RuleWriter;
  readonly zoneOf: (scope: Scope) => Promise<string>;
  readonly tools: readonly Tool[];
  /** What watches and tells, for the process that has the role. */
  readonly services: (announcer: Announcer) => readonly Service[];
}

type Parts = Pick<
  House,
  "config" | "store" | "log" | "fault" | "models" | "ownSettings" | "budgets" | "setup" | "outward"
>;

/** null where the operator has switched it off, or no password could be kept. */
export function openMail(parts: Parts, random: () => number): Mail | null {
  const { config, store, fault, outward } = parts;
  if (!config.mail.isOn) return null;
  const clock = systemClock;
  const log = parts.log.child({ room: "mail" });
  const timeZone = config.context.timeZone;
  const net = { findHost: outward.findMailHost };
  const zoneOf = async (scope: Scope) => (await store.settings.zone(scope)) ?? timeZone;
  const asker = createAsker(
    { ...store, ...parts, budgetsLeft: parts.budgets.left, log },
    { isAble: () => !parts.setup.isDemo() },
  );
  const models = { asker, placeOf: privatePlace };
  const { pollMinutes, maxBackoffMs } = config.mail;
  const pokes = new Set<() => void>();
  const desk = createDesk({
    accounts: store.mailAccounts,
    drafts: store.mailDrafts,
    secrets: store.secrets,
    net,
    fetch: outward.fetch,
    zoneOf,
    pollMinutes,
    poke: () => pokes.forEach((poke) => poke()),
  });

  return {
    desk,
    writer: createRuleWriter(models),
    tools: mailTools({
      accounts: store.mailAccounts,
      rules: store.mailRules,
      drafts: store.mailDrafts,
      mails: store.mails,
      desk,
    }),
    zoneOf,
    services(announcer) {
      const summarise: Parameters<typeof tellDue>[0]["summarise"] = async (due, mail, signal) => {
        const scope = aloneScope("discord", due.owner);
        const read = await desk.readAlerted(scope, mail, signal);
        if (read.kind !== "done" || mail.prompt === null) return null;
        const given = { wish: mail.prompt, from: mail.fromAddress, text: read.value.text };
        return readForOwner(models, scope, given, signal);
      };
      const telling = { queue: store.mailAlerts, announcer, summarise, clock, fault, log };
      const alerts = createClockwork(
        "mail alerts",
        { now: clock.now, log },
        {
          doDue: (limit, signal) => tellDue(telling, limit, signal),
          nextDue: store.mailAlerts.nextDue,
        },
      );
      const letterbox = createLetterbox(
        {
          queue: store.mailQueue,
          read: createMimeThread(),
          open: (connection, secret, signal) => openImap(net, connection, secret, signal),
          secretOf: (account) =>
            store.secrets.get({ kind: "person", userId: account.owner }, mailSecretName(account)),
          clock,
          fault,
          log,
          random,
          timeZone,
          poke: alerts.poke,
        },
        { worker: randomUUID(), maxBackoffMs },
      );
      pokes.add(letterbox.poke).add(alerts.poke);
      return [letterbox, alerts];
    },
  };
}

/** Where a person is alone with her, for what is done on his behalf and costs something. */
export const privatePlace = ({ principal }: Scope): Conversation => ({
  id: conversationId(`discord:mail:${principal.userId}`),
  platform: "discord",
  kind: "dm",
  guildId: null,
  channelId: "",
  parentId: null,
  title: "Mail",
  audience: { kind: "private", userId: principal.userId },
});

/** What the front door needs for `/email`. */
export const emailDeps = (mail: Mail, { store, files }: Pick<House, "store" | "files">) => ({
  accounts: store.mailAccounts,
  rules: store.mailRules,
  drafts: store.mailDrafts,
  mails: store.mails,
  files: files.store,
  desk: mail.desk,
  writer: mail.writer,
  zoneOf: mail.zoneOf,
  clock: systemClock,
});
