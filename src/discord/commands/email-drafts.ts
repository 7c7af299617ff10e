import { z } from "zod";
import { MAIL_PROBLEMS, shown, shownText } from "../../agent/mail-words.ts";
import type { WholeMail } from "../../core/mail-desk.ts";
import { MAX_MAIL_DRAFTS, type MailDraft } from "../../core/mail-drafts.ts";
import type { AlertedMail } from "../../core/mail-queue.ts";
import type { Scope } from "../../core/principal.ts";
import { defineAction, defineFormAction, type ActionOutcome } from "./define-action.ts";
import { defineCommand, type CommandContext } from "./define-command.ts";
import { ownScopeOf, type EmailDeps } from "./email-words.ts";
import type { Form, Reply } from "./reply.ts";

const WRITE = "email-draft-write";
const KEEP = "email-draft-keep";
const EDIT = "email-draft-edit";
const CHANGE = "email-draft-change";
const SEND = "email-draft-send";
const DISCARD = "email-draft-discard";
/** Discord's own, of one field. */
const MAX_FIELD_CHARS = 4_000;
const MAX_SHOWN_CHARS = 3_000;
const ADDRESS = /^[^\s@<>,;]{1,64}@[^\s@<>,;]{1,190}$/;

const begun = z.object({
  accountId: z.int(),
  to: z.string(),
  subject: z.string(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
});
const existing = z.object({ id: z.int(), to: z.string(), subject: z.string(), text: z.string() });

/** The first step of an answer: to whom it would go, and a form for its words. Nothing is sent by any of this. */
export function replyOffer(mail: AlertedMail, whole: WholeMail): Reply {
  const [answerTo] = whole.replyTo;
  const to = answerTo?.address ?? whole.from.address;
  const isElsewhere = to !== whole.from.address;
  const subject = /^\s*re:/i.test(whole.subject) ? whole.subject : `Re: ${whole.subject}`;
  const data = {
    accountId: mail.accountId,
    to,
    subject,
    inReplyTo: whole.messageId,
    references: [...whole.references, ...(whole.messageId === null ? [] : [whole.messageId])],
  };
  return {
    text: `An answer to ${shown(to, 200)}.${isElsewhere ? ` ⚠️ The mail came from ${shown(whole.from.address, 200)}, and wants its answer elsewhere.` : ""}\n-# Nothing is sent before you press Send.`,
    rows: [[{ kind: "button", label: "Write it…", action: WRITE, data, style: "primary" }]],
  };
}

const formOf = (
  title: string,
  { to, subject, text }: { to: string; subject: string; text: string },
  action: string,
  data: Form["data"],
): Form => ({
  title,
  fields: [
    { name: "to", label: "To", style: "short", value: to, isRequired: true, maxLength: 1_000 },
    {
      name: "subject",
      label: "Subject",
      style: "short",
      value: subject.slice(0, 300),
      maxLength: 300,
    },
    {
      name: "text",
      label: "Words",
      style: "long",
      ...(text === "" ? {} : { value: text.slice(0, MAX_FIELD_CHARS) }),
      isRequired: true,
      maxLength: MAX_FIELD_CHARS,
    },
  ],
  action,
  data,
});

const OPEN = "email-draft-open";

/** `/email drafts`: what waits to be sent, by its owner's click and nothing else. */
export const drafts = (deps: EmailDeps) =>
  defineCommand({
    name: "drafts",
    description: "Your drafts: look at one, change it, send it",
    options: [],
    async run(_, { scope }) {
      const found = await deps.drafts.list(ownScopeOf(scope));
      if (found.length === 0) return "You have no drafts.";
      const from = found.slice(0, 25).map(({ id, subject, to, state }) => ({
        name: `${state === "open" ? "" : "⚠️ may have been sent: "}${subject || "(no subject)"} · ${to.join(", ")}`.slice(
          0,
          100,
        ),
        value: String(id),
      }));
      return {
        text: `You have ${found.length} ${found.length === 1 ? "draft" : "drafts"}.`,
        rows: [[{ kind: "select", placeholder: "Look at one", action: OPEN, data: {}, from }]],
      };
    },
  });

export const draftActions = (deps: EmailDeps) => [
  defineAction({
    name: OPEN,
    async run({ values }, { scope }: CommandContext): Promise<ActionOutcome> {
      const draft = await deps.drafts.one(ownScopeOf(scope), Number(values[0]));
      if (draft?.state === "open") return { kind: "whisper", reply: draftReply(draft) };
      return whisper(
        draft === null
          ? "It is gone."
          : "The server had it and gave no answer: it may have been sent. Look into your mailbox.",
      );
    },
  }),
  defineFormAction({
    name: WRITE,
    form({ data }) {
      const { to, subject } = begun.parse(data);
      return formOf("A draft", { to, subject, text: "" }, KEEP, data);
    },
  }),
  defineAction({
    name: KEEP,
    async run({ data, fields }, { scope }: CommandContext): Promise<ActionOutcome> {
      const { accountId, inReplyTo, references } = begun.parse(data);
      const to = addressesIn(fields["to"] ?? "");
      if (to === null) return whisper("Those are no addresses. Separate several with commas.");
      const draft = await deps.drafts.add(ownScopeOf(scope), {
        accountId,
        to,
        cc: [],
        subject: oneLineOf(fields["subject"]),
        text: fields["text"] ?? "",
        inReplyTo,
        references,
      });
      return draft === null
        ? whisper(`You have ${MAX_MAIL_DRAFTS} open drafts, or that mailbox is gone.`)
        : { kind: "whisper", reply: draftReply(draft) };
    },
  }),
  defineFormAction({
    name: EDIT,
    form: ({ data }) => formOf("The draft", existing.parse(data), CHANGE, data),
  }),
  defineAction({
    name: CHANGE,
    async run({ data, fields }, { scope }: CommandContext): Promise<ActionOutcome> {
      const own = ownScopeOf(scope);
      const { id } = existing.parse(data);
      const to = addressesIn(fields["to"] ?? "");
      if (to === null) return whisper("Those are no addresses. Separate several with commas.");
      const change = { to, subject: oneLineOf(fields["subject"]), text: fields["text"] ?? "" };
      await deps.drafts.edit(own, id, change);
      const draft = await deps.drafts.one(own, id);
      return draft?.state === "open"
        ? { kind: "replace", reply: draftReply(draft) }
        : whisper("It is sent already, or gone.");
    },
  }),
  defineAction({
    name: SEND,
    async run({ data }, { scope, signal }: CommandContext): Promise<ActionOutcome> {
      const { id } = existing.parse(data);
      return {
        kind: "replace",
        reply: { text: await sendWords(deps, ownScopeOf(scope), id, signal) },
      };
    },
  }),
  defineAction({
    name: DISCARD,
    async run({ data }, { scope }: CommandContext): Promise<ActionOutcome> {
      const gone = await deps.drafts.discard(ownScopeOf(scope), existing.parse(data).id);
      return { kind: "replace", reply: { text: gone ? "🗑️ Discarded." : "It was gone already." } };
    },
  }),
];

async function sendWords(
  { desk }: EmailDeps,
  scope: Scope,
  id: number,
  signal: AbortSignal,
): Promise<string> {
  const sent = await desk.send(scope, id, signal);
  if (sent.kind === "unknown") return "It is sent already, or gone.";
  if (sent.kind === "trouble")
    return `⚠️ It was **not** sent, and is kept. ${MAIL_PROBLEMS[sent.problem]}`;
  return sent.value === "sent"
    ? "📤 Sent."
    : "⚠️ The server had the letter and gave no answer: it **may have been sent**. I do not send it again; look into your mailbox.";
}

/** A draft, and what its owner can do with it. */
function draftReply({ id, to, subject, text }: MailDraft): Reply {
  const data = { id, to: to.join(", "), subject, text: text.slice(0, MAX_FIELD_CHARS) };
  return {
    text: [
      `**To** ${shown(to.join(", "), 500)}`,
      `**Subject** ${shown(subject, 300)}`,
      "",
      shownText(text, MAX_SHOWN_CHARS),
    ].join("\n"),
    rows: [
      [
        { kind: "button", label: "Send", action: SEND, data, style: "success" },
        { kind: "button", label: "Edit…", action: EDIT, data },
        { kind: "button", label: "Discard", action: DISCARD, data, style: "danger" },
      ],
    ],
  };
}

const whisper = (text: string): ActionOutcome => ({ kind: "whisper", reply: { text } });

const oneLineOf = (text: string | undefined): string =>
  (text ?? "").replace(/[\r\n]+/g, " ").trim();

/** null when one of them is no address. */
function addressesIn(text: string): readonly string[] | null {
  const all = text
    .split(/[,;]/)
    .map((each) => each.trim())
    .filter((each) => each !== "");
  return all.length > 0 && all.every((each) => ADDRESS.test(each)) ? all : null;
}
