import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { MailConnection } from "../core/mail.ts";
import type { OwnMailbox, OwnMailboxState } from "../core/own-mailbox.ts";
import type { Service } from "../core/service.ts";
import type { Notes } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import type { Secret } from "../lib/secret.ts";
import { contentOf, fetchMails, uidsAfter } from "./fetch-mails.ts";
import type { MailContent } from "./content.ts";
import { openImap, type MailNet } from "./imap.ts";
import { searchFolder } from "./mailbox.ts";
import { recentOf, refusalOf, withQuote } from "./own-answers.ts";
import { readMime } from "./read-mime.ts";
import { sendLetter } from "./smtp.ts";
import { toTrouble } from "./trouble.ts";
import { trustedServerOf } from "./trusted-server.ts";

const NOTE = "own-mailbox";
/** Mails of one look; the rest is for the next one. */
const BATCH = 10;

const state = z.object({
  uidValidity: z.number(),
  lastUid: z.number(),
  answered: z.array(z.tuple([z.string(), z.number()])),
});

interface Deps {
  readonly net: MailNet;
  readonly secret: Secret;
  readonly notes: Notes;
  readonly clock: Clock;
  readonly createId: () => string;
  readonly log: Log;
  /** What she writes back; null for nothing. By a model that holds no tools. */
  readonly answer: (content: MailContent, signal: AbortSignal) => Promise<string | null>;
  /** Tells whoever wants to know of each mail. */
  readonly tell: (content: MailContent, uid: number, signal: AbortSignal) => Promise<void>;
}

interface Options {
  readonly connection: MailConnection;
  readonly allowedSenders: readonly string[];
  readonly everyMs: number;
}

/** Her own mailbox: looked through now and then; who may write to her gets one answer to each mail. */
export function createOwnMailbox(
  deps: Deps,
  { connection, allowedSenders, everyMs }: Options,
): OwnMailbox & { readonly service: Service } {
  const { net, secret, notes, clock, log } = deps;
  const { address } = connection;

  const load = async (): Promise<OwnMailboxState | null> => {
    const note = await notes.get(NOTE);
    const read = note === null ? null : state.safeParse(JSON.parse(note));
    return read?.success === true ? read.data : null;
  };
  const save = (next: OwnMailboxState) => notes.set(NOTE, JSON.stringify(next));

  async function withClient<Value>(
    signal: AbortSignal,
    body: (client: Awaited<ReturnType<typeof openImap>>) => Promise<Value>,
  ): Promise<Value> {
    const client = await openImap(net, connection, secret, signal);
    try {
      return await body(client);
    } finally {
      client.close();
    }
  }

  /** The place is moved before the answer goes: a mail gets none rather than two. */
  async function look(signal: AbortSignal): Promise<void> {
    await withClient(signal, async (client) => {
      const box = await client.mailboxOpen("INBOX", { readOnly: true });
      const uidValidity = Number(box.uidValidity);
      const before = await load();
      if (before?.uidValidity !== uidValidity)
        return save({ uidValidity, lastUid: box.uidNext - 1, answered: before?.answered ?? [] });
      const uids = (await uidsAfter(client, before.lastUid)).slice(0, BATCH);
      if (uids.length === 0) return;
      const mails = await fetchMails(client, uids);
      const trusted = trustedServerOf({ ...connection });
      const contents = await readMime(
        mails.map(({ source }) => source),
        trusted,
        signal,
      );
      let { answered } = before;
      for (const [index, mail] of mails.entries()) {
        const content = contentOf(mail, contents[index] ?? null);
        const now = clock.now();
        const refusal = refusalOf(content, answered, { address, allowedSenders, now });
        if (refusal === null)
          answered = [...recentOf(answered, now), [content.from.address, now.getTime()]];
        await save({ uidValidity, lastUid: mail.uid, answered });
        await deps.tell(content, mail.uid, signal);
        if (refusal === null) await reply(content, signal);
        else log.info({ uid: mail.uid, refusal }, "own-mail-not-answered");
      }
      await save({ uidValidity, lastUid: uids.at(-1) ?? before.lastUid, answered });
    });
  }

  async function reply(content: MailContent, signal: AbortSignal): Promise<void> {
    const words = await deps.answer(content, signal);
    if (words === null) return;
    const { messageId } = content;
    await sendLetter(net, connection, secret, {
      to: [content.from.address],
      cc: [],
      subject: /^\s*re:/i.test(content.subject) ? content.subject : `Re: ${content.subject}`,
      text: withQuote(words, content),
      inReplyTo: messageId,
      references: [...content.references, ...(messageId === null ? [] : [messageId])],
      messageId: messageIdFor(address, deps.createId()),
      headers: { "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All" },
    });
    log.info({}, "own-mail-answered");
  }

  return {
    address,

    search: async (search, limit, signal) => {
      try {
        const found = (client: Parameters<typeof searchFolder>[0]) =>
          searchFolder(client, "INBOX", search, limit);
        return { kind: "done", value: await withClient(signal, found) };
      } catch (error) {
        signal.throwIfAborted();
        return { kind: "trouble", problem: toTrouble(error).problem };
      }
    },

    send: async ({ to, subject, text }, signal) => {
      try {
        const value = await sendLetter(net, connection, secret, {
          to: [to],
          cc: [],
          subject,
          text,
          inReplyTo: null,
          references: [],
          messageId: messageIdFor(address, deps.createId()),
        });
        return { kind: "done", value };
      } catch (error) {
        signal.throwIfAborted();
        return { kind: "trouble", problem: toTrouble(error).problem };
      }
    },

    service: {
      name: "own mailbox",
      async run(signal) {
        while (!signal.aborted) {
          await look(signal).catch((error: unknown) => {
            if (!signal.aborted) log.warn({ error: asError(error) }, "own-mailbox-trouble");
          });
          await pause(everyMs, signal);
        }
      },
    },
  };
}

const messageIdFor = (address: string, id: string): string =>
  `${id}@${address.slice(address.lastIndexOf("@") + 1)}`;
