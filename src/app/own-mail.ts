/** Clara's own mailbox. */
import { randomUUID } from "node:crypto";
import { createAsker } from "../agent/ask-aside.ts";
import { answerMail } from "../agent/mail-models.ts";
import { senderWords, shown } from "../agent/mail-words.ts";
import { keyOf } from "../agent/remind.ts";
import type { Announcer } from "../core/announcer.ts";
import { systemClock } from "../core/clock.ts";
import { userId } from "../core/ids.ts";
import type { MailConnection } from "../core/mail.ts";
import type { Operators } from "../core/operators.ts";
import { aloneScope } from "../core/principal.ts";
import type { Service } from "../core/service.ts";
import type { Tool } from "../core/tool.ts";
import { Secret } from "../lib/secret.ts";
import { createOwnMailbox } from "../mail/own-mailbox.ts";
import { ownMailboxTools } from "../tools/mail/own-mailbox.ts";
import type { House } from "./house.ts";
import { privatePlace } from "./mail.ts";

/** Whose budget her answers are: nobody's own, but of everybody's together. */
const HERSELF = aloneScope("web", userId("web:own-mailbox"));
/** Ports at which one begins in clear text and goes on encrypted, or not at all. */
const STARTTLS_PORTS = new Set([143, 587, 2525]);

export interface OwnMail {
  readonly tools: (operators: Operators) => readonly Tool[];
  readonly services: (announcer: Announcer | null) => readonly Service[];
}

/** null: she has none. */
export function openOwnMail(house: House): OwnMail | null {
  const { config, store, budgets, outward, persona, setup } = house;
  const { own } = config.mail;
  if (own === null) return null;
  const log = house.log.child({ room: "mail" });
  const asker = createAsker(
    { ...store, ...house, budgetsLeft: budgets.left, log },
    { isAble: () => !setup.isDemo() },
  );
  const { address } = own;
  const at = ({ host, port }: { readonly host: string; readonly port: number }) => ({
    host,
    port,
    security: STARTTLS_PORTS.has(port) ? ("starttls" as const) : ("tls" as const),
  });
  const connection: MailConnection = {
    address,
    login: address,
    provider: "imap",
    auth: "password",
    imap: at(own.imap),
    smtp: at(own.smtp),
  };
  let announce: Announcer | null = null;
  const mailbox = createOwnMailbox(
    {
      net: { findHost: outward.findMailHost, smtpTimeoutMs: own.smtpTimeoutMs },
      secret: new Secret(own.password),
      notes: store.notes,
      clock: systemClock,
      createId: randomUUID,
      log,
      answer({ from, subject, text }, signal) {
        const mail = { persona, from: from.address, text: `Subject: ${subject}\n\n${text}` };
        return answerMail({ asker, placeOf: privatePlace }, HERSELF, mail, signal);
      },
      async tell({ from, subject, dmarc }, uid, signal) {
        if (own.notify === null || announce === null) return;
        const to = aloneScope("discord", userId(`discord:${own.notify}`));
        const who = { fromAddress: from.address, fromName: from.name, dmarc };
        await announce.announce(
          {
            key: keyOf("own-mail", uid, new Date(0)),
            place: privatePlace(to),
            to: "dm",
            owner: to.principal.userId,
            text: `📨 In my mailbox: **${shown(subject, 100)}**\n${senderWords(who)}`,
            rows: [[{ label: "Status", leadsTo: `mail:status:${uid}:0` }]],
            ageMs: 0,
          },
          signal,
        );
      },
    },
    { connection, allowedSenders: own.allowedSenders, everyMs: own.everyMs },
  );
  return {
    tools: (operators) => ownMailboxTools({ mailbox, operators, clock: systemClock }),
    services(announcer) {
      announce = announcer;
      return [mailbox.service];
    },
  };
}
