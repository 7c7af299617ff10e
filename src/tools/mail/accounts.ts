import { z } from "zod";
import type { MailAccount } from "../../core/mail.ts";
import type { Tool } from "../../core/tool.ts";
import { accountOf, defineMailTool, troubleOf, type MailToolDeps } from "./define.ts";
import { account } from "./reading.ts";

const CONNECT =
  "A mailbox is connected with `/email connect`, which asks for the password in a form that only the person sees. Never ask for a password in words, and if one was told, say that it should be changed.";
const hour = z.int().min(0).max(23);

/** The person's own accounts: what there is, and how they are told. */
export const accountTools = (deps: MailToolDeps): readonly Tool[] => [
  defineMailTool({
    name: "email_connect_gmail",
    description: "How the person connects Gmail.",
    label: "Looking up how to connect",
    effect: "read",
    input: z.object({}),
    run: async () =>
      `${CONNECT} For Gmail it wants an app password: https://myaccount.google.com/apppasswords`,
  }),
  defineMailTool({
    name: "email_connect_imap",
    description: "How the person connects any mailbox by IMAP. Takes no password.",
    label: "Looking up how to connect",
    effect: "read",
    input: z.object({ email_address: z.string().max(320).optional() }),
    async run({ email_address: address }) {
      const known = address === undefined ? null : deps.desk.guess(address);
      return known === null
        ? `${CONNECT} It wants the IMAP server in \`server\`, and the SMTP server in \`sending\`.`
        : `${CONNECT} The servers of that address are known (${known.imap.host}).`;
    },
  }),
  defineMailTool({
    name: "email_list_accounts",
    description: "The person's own mailboxes.",
    label: "Looking at the mailboxes",
    effect: "read",
    input: z.object({}),
    async run(_, { scope }) {
      const all = await deps.accounts.list(scope);
      return all.length === 0 ? `There are none. ${CONNECT}` : all.map(accountWords).join("\n");
    },
  }),
  defineMailTool({
    name: "email_status",
    description: "How the person's mailboxes are watched, and what is wrong with them.",
    label: "Looking at the mailboxes",
    effect: "read",
    input: z.object({}),
    async run(_, { scope }) {
      const all = await deps.accounts.list(scope);
      return all.length === 0 ? `There are none. ${CONNECT}` : all.map(statusWords).join("\n");
    },
  }),
  defineMailTool({
    name: "email_disconnect",
    description: "Forgets one of the person's mailboxes, its password, and what was seen in it.",
    label: "Disconnecting a mailbox",
    effect: "write",
    input: z.object({ email_address: z.string().min(3).max(320) }),
    explain: ({ email_address: address }) => ({
      what: "Forget a mailbox, its password and drafts",
      target: address,
      reversible: false,
    }),
    async run({ email_address: address }, { scope }) {
      const found = await accountOf(deps, scope, address);
      if (typeof found === "string") return found;
      await deps.accounts.remove(scope, found.id);
      deps.desk.poke();
      return `${found.address} is forgotten.`;
    },
  }),
  defineMailTool({
    name: "email_set_alert_channel",
    description:
      "Lets alerts come in private. For a channel, the person runs /email channel there himself, since others will read them.",
    label: "Changing where alerts go",
    effect: "write",
    input: z.object({ channel_id: z.string().max(40).optional(), email_address: account }),
    async run({ channel_id: channel, email_address: address }, { scope }) {
      if (channel !== undefined && channel !== "" && channel !== "dm")
        return "Only the person can say so, in that channel: `/email channel where:here`. Everybody who reads there will read who wrote, and about what.";
      return change(deps, scope, address, { channel: null }, "Alerts come in private.");
    },
  }),
  defineMailTool({
    name: "email_set_quiet_hours",
    description: "Hours, on the person's clock, in which alerts wait. Equal hours: none.",
    label: "Changing quiet hours",
    effect: "write",
    input: z.object({ start_hour: hour, end_hour: hour, email_address: account }),
    run: ({ start_hour: from, end_hour: to, email_address: address }, { scope }) =>
      change(
        deps,
        scope,
        address,
        { quiet: from === to ? null : { from: from * 60, to: to * 60 } },
        from === to ? "There are no quiet hours." : `Alerts wait from ${from}:00 to ${to}:00.`,
      ),
  }),
  defineMailTool({
    name: "email_toggle_ping",
    description: "Whether alerts of a mailbox ping the person.",
    label: "Changing pings",
    effect: "write",
    input: z.object({ enabled: z.boolean().default(true), email_address: account }),
    run: ({ enabled, email_address: address }, { scope }) =>
      change(deps, scope, address, { pings: enabled }, `Pings are ${enabled ? "on" : "off"}.`),
  }),
  defineMailTool({
    name: "email_draft",
    description:
      "Writes a draft for the person. It is never sent by this: the person looks at it and presses Send in /email drafts.",
    label: "Writing a draft",
    effect: "write",
    input: z.object({
      to: z.array(z.string().min(3).max(320)).min(1).max(20),
      subject: z.string().max(300),
      text: z.string().min(1).max(20_000),
      reply_to_email_id: z.coerce.number().int().min(1).optional(),
      folder: z.string().max(300).default("INBOX"),
      account,
    }),
    async run(input, { scope, signal }) {
      const found = await accountOf(deps, scope, input.account);
      if (typeof found === "string") return found;
      const uid = input.reply_to_email_id;
      const read =
        uid === undefined ? null : await deps.desk.read(scope, found.id, input.folder, uid, signal);
      if (read && read.kind !== "done") return troubleOf(read);
      const messageId = read?.value.messageId ?? null;
      const draft = await deps.drafts.add(scope, {
        accountId: found.id,
        to: input.to,
        cc: [],
        subject: input.subject,
        text: input.text,
        inReplyTo: messageId,
        references: [...(read?.value.references ?? []), ...(messageId === null ? [] : [messageId])],
      });
      return draft === null
        ? "There are too many open drafts."
        : `Draft ${draft.id} is kept. It is not sent: the person sees it with \`/email drafts\` and sends it there.`;
    },
  }),
];

async function change(
  { accounts, desk }: MailToolDeps,
  scope: Parameters<Tool["run"]>[1]["scope"],
  address: string | undefined,
  wanted: Parameters<MailToolDeps["accounts"]["change"]>[2],
  words: string,
): Promise<string> {
  const found = await accountOf({ accounts }, scope, address);
  if (typeof found === "string") return found;
  await accounts.change(scope, found.id, wanted);
  desk.poke();
  return words;
}

const accountWords = ({ address, provider, state }: MailAccount): string =>
  `${address} (${provider}, ${state})`;

const statusWords = (found: MailAccount): string =>
  `${accountWords(found)}: last looked at ${found.checkedAt?.toISOString() ?? "never"}; ${found.problem ?? "no trouble"}; alerts ${found.channel === null ? "in private" : "in a channel"}${found.pings ? " with a ping" : ""}; quiet ${found.quiet === null ? "never" : `${found.quiet.from / 60}:00 to ${found.quiet.to / 60}:00`}`;
