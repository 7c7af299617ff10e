import { z } from "zod";
import { oneLine } from "../../agent/mail-words.ts";
import type { MailLine, WholeMail } from "../../core/mail-desk.ts";
import type { Tool } from "../../core/tool.ts";
import { accountOf, defineMailTool, troubleOf, type MailToolDeps } from "./define.ts";

export const account = z
  .string()
  .max(320)
  .optional()
  .describe("The person's own address; left out, the only one");
const folder = z.string().min(1).max(300).default("INBOX");
const limit = z.int().min(1).max(50).default(20);
const day = z.iso.date().optional();

/** What the person's own mailboxes hold. Nothing is marked as seen. */
export const readingTools = (deps: MailToolDeps): readonly Tool[] => [
  defineMailTool({
    name: "email_list_folders",
    description: "The folders of one of the person's own mailboxes.",
    label: "Looking at the folders",
    effect: "read",
    input: z.object({ account }),
    async run({ account: wanted }, { scope, signal }) {
      const found = await accountOf(deps, scope, wanted);
      if (typeof found === "string") return found;
      const folders = await deps.desk.folders(scope, found.id, signal);
      return folders.kind === "done"
        ? { text: folders.value.map((each) => oneLine(each, 200)).join("\n"), taint: found.address }
        : troubleOf(folders);
    },
  }),
  defineMailTool({
    name: "email_list_inbox",
    description: "The newest mails of a folder: number, sender, subject, time.",
    label: "Looking into the mailbox",
    effect: "read",
    input: z.object({ folder, limit, unread_only: z.boolean().default(false), account }),
    run: (input, context) => list(deps, input, { unreadOnly: input.unread_only }, context),
  }),
  defineMailTool({
    name: "email_search",
    description: "Searches one of the person's own mailboxes.",
    label: "Searching the mailbox",
    effect: "read",
    input: z.object({
      from_addr: z.string().max(300).optional(),
      subject: z.string().max(300).optional(),
      query: z.string().max(300).optional().describe("Words anywhere in the mail"),
      after: day,
      before: day,
      unread_only: z.boolean().default(false),
      folder,
      limit,
      account,
    }),
    run: (input, context) =>
      list(
        deps,
        input,
        {
          from: input.from_addr,
          subject: input.subject,
          text: input.query,
          after: input.after === undefined ? undefined : new Date(input.after),
          before: input.before === undefined ? undefined : new Date(input.before),
          unreadOnly: input.unread_only,
        },
        context,
      ),
  }),
  defineMailTool({
    name: "email_read",
    description: "One whole mail as text, by its number in the folder. It is not marked as seen.",
    label: "Reading a mail",
    effect: "read",
    input: z.object({
      email_id: z.coerce.number().int().min(1).describe("Its number, from a list or a search"),
      folder,
      account,
    }),
    async run({ email_id: uid, folder: where, account: wanted }, { scope, signal }) {
      const found = await accountOf(deps, scope, wanted);
      if (typeof found === "string") return found;
      const read = await deps.desk.read(scope, found.id, where, uid, signal);
      return read.kind === "done"
        ? { text: wholeWords(read.value), taint: oneLine(read.value.from.address, 200) }
        : troubleOf(read);
    },
  }),
  defineMailTool({
    name: "email_recent_alerts",
    description: "The mails that the person was told of lately.",
    label: "Looking at alerts",
    effect: "read",
    input: z.object({ limit: z.int().min(1).max(50).default(10) }),
    async run({ limit: most }, { scope }) {
      const alerts = await deps.mails.recentAlerts(scope, most);
      if (alerts.length === 0) return "Nothing was told yet.";
      const lines = alerts.map(
        ({ toldAt, mail }) =>
          `${toldAt.toISOString()} · ${mail.importance} · ${mail.fromAddress} · ${mail.subject} (rule ${mail.ruleName ?? "none"})`,
      );
      return { text: lines.join("\n"), taint: "alerts" };
    },
  }),
];

async function list(
  deps: MailToolDeps,
  {
    folder: where,
    limit: most,
    account: wanted,
  }: { folder: string; limit: number; account?: string | undefined },
  search: Parameters<MailToolDeps["desk"]["search"]>[3],
  { scope, signal }: Parameters<Tool["run"]>[1],
) {
  const found = await accountOf(deps, scope, wanted);
  if (typeof found === "string") return found;
  const lines = await deps.desk.search(scope, found.id, where, search, most, signal);
  if (lines.kind !== "done") return troubleOf(lines);
  if (lines.value.length === 0) return "There are none.";
  return { text: lines.value.map(lineWords).join("\n"), taint: found.address };
}

const lineWords = ({ uid, from, subject, receivedAt, isUnread }: MailLine): string =>
  `${uid} · ${receivedAt.toISOString()} · ${isUnread ? "unread · " : ""}${oneLine(from, 200)} · ${subject}`;

const wholeWords = (mail: WholeMail): string =>
  [
    `From: ${mail.from.name} <${mail.from.address}> (sender's proof: ${mail.dmarc})`,
    `To: ${mail.to.map(({ address }) => address).join(", ")}`,
    `Subject: ${mail.subject}`,
    `Received: ${mail.receivedAt.toISOString()}`,
    ...(mail.hidesWords ? ["(Words that a reader would not see are left out.)"] : []),
    ...mail.attachments.map(
      ({ name, sizeBytes }, index) => `Attachment ${index}: ${name}, ${sizeBytes} bytes`,
    ),
    "",
    mail.text,
    ...(mail.isTextCut ? ["[It goes on in the mailbox.]"] : []),
  ].join("\n");
