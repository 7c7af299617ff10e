import { z } from "zod";
import { MAIL_PROBLEMS, oneLine } from "../../agent/mail-words.ts";
import type { Clock } from "../../core/clock.ts";
import type { Operators } from "../../core/operators.ts";
import type { OwnMailbox } from "../../core/own-mailbox.ts";
import { defineTool, type Tool, type ToolContext, type ToolOutput } from "../../core/tool.ts";

interface Deps {
  readonly mailbox: OwnMailbox;
  readonly operators: Operators;
  readonly clock: Clock;
}

const TIMEOUT_MS = 60_000;
const DAY_MS = 86_400_000;
const limit = z.int().min(1).max(50).default(10);

/** Clara's own mailbox, for whoever runs her, in private. */
export const ownMailboxTools = (deps: Deps): readonly Tool[] => [
  defineTool({
    name: "check_email",
    description: "The newest mails in your own mailbox.",
    label: "Looking into her mailbox",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({ unread_only: z.boolean().default(false), limit }),
    run: (input, context) => look(deps, context, { unreadOnly: input.unread_only }, input.limit),
  }),
  defineTool({
    name: "search_email",
    description: "Searches your own mailbox.",
    label: "Searching her mailbox",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({
      query: z.string().max(300).optional(),
      from: z.string().max(300).optional(),
      subject: z.string().max(300).optional(),
      since_days: z.int().min(1).max(3_650).optional(),
      limit,
    }),
    run: ({ query: text, from, subject, since_days: days, limit: most }, context) => {
      const after =
        days === undefined ? undefined : new Date(deps.clock.now().getTime() - days * DAY_MS);
      return look(deps, context, { text, from, subject, after }, most);
    },
  }),
  defineTool({
    name: "send_email",
    description: "Sends a mail from your own address.",
    label: "Sending a mail",
    effect: "outside",
    timeoutMs: TIMEOUT_MS,
    input: z.object({
      to: z.email().max(320),
      subject: z.string().max(300),
      body: z.string().min(1).max(20_000),
    }),
    explain: ({ to }) => ({
      what: "Send an e-mail from my own address",
      target: to,
      reversible: false,
    }),
    async run({ to, subject, body: text }, context): Promise<ToolOutput> {
      const refused = await refusal(deps, context);
      if (refused !== null) return refused;
      const sent = await deps.mailbox.send({ to, subject, text }, context.signal);
      if (sent.kind !== "done")
        return { text: sent.kind === "trouble" ? MAIL_PROBLEMS[sent.problem] : "", isError: true };
      return {
        text:
          sent.value === "sent"
            ? `The mail to ${to} is out.`
            : "The server gave no answer: the mail may have been sent. Do not send it again.",
      };
    },
  }),
];

async function refusal(
  { operators }: Deps,
  { scope, signal }: ToolContext,
): Promise<ToolOutput | null> {
  if (!(await operators.isOperator(scope.principal, signal)))
    return { text: "Her own mailbox is for whoever runs her.", isError: true };
  return scope.audience.kind === "private"
    ? null
    : { text: "Others read along here: her mailbox is read in private only.", isError: true };
}

async function look(
  deps: Deps,
  context: ToolContext,
  search: Parameters<OwnMailbox["search"]>[0],
  most: number,
): Promise<ToolOutput> {
  const refused = await refusal(deps, context);
  if (refused !== null) return refused;
  const found = await deps.mailbox.search(search, most, context.signal);
  if (found.kind !== "done")
    return { text: found.kind === "trouble" ? MAIL_PROBLEMS[found.problem] : "", isError: true };
  const lines = found.value.map(
    ({ receivedAt, from, subject, isUnread }) =>
      `${receivedAt.toISOString()} · ${isUnread ? "unread · " : ""}${oneLine(from, 200)} · ${subject}`,
  );
  return {
    text: lines.length === 0 ? "There are none." : lines.join("\n"),
    taints: lines.length === 0 ? [] : [{ source: "mail", name: deps.mailbox.address }],
  };
}
