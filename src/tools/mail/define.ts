import { MAIL_PROBLEMS } from "../../agent/mail-words.ts";
import type { MailAccount, MailAccounts } from "../../core/mail.ts";
import type { AtServer, MailDesk } from "../../core/mail-desk.ts";
import type { MailDrafts } from "../../core/mail-drafts.ts";
import type { Mails } from "../../core/mail-queue.ts";
import type { MailRules } from "../../core/mail-rules.ts";
import type { Scope } from "../../core/principal.ts";
import { defineTool, type Tool, type ToolContext, type ToolOutput } from "../../core/tool.ts";

export interface MailToolDeps {
  readonly accounts: MailAccounts;
  readonly rules: MailRules;
  readonly drafts: MailDrafts;
  readonly mails: Mails;
  readonly desk: MailDesk;
}

interface MailTool<Input> extends Pick<
  Tool<Input>,
  "name" | "description" | "label" | "effect" | "input" | "explain"
> {
  /** `taint`: whose words the text holds; null for words of ours. */
  readonly run: (
    input: Input,
    context: ToolContext,
  ) => Promise<{ readonly text: string; readonly taint?: string | null } | string>;
}

const TIMEOUT_MS = 90_000;
const MAX_CHARS = 20_000;
const ELSEWHERE =
  "Others read along here, so nobody's mail is read or changed. It works in a DM with me; `/email` works here, too, for the person's eyes only.";

/** A tool for the mailboxes of whoever asks, in private. What mails say is hostile text, so it taints the turn. */
export const defineMailTool = <Input>({ run, ...tool }: MailTool<Input>): Tool =>
  defineTool<Input>({
    ...tool,
    timeoutMs: TIMEOUT_MS,
    async run(input, context): Promise<ToolOutput> {
      if (!isPrivate(context.scope)) return { text: ELSEWHERE, isError: true };
      const given = await run(input, context);
      if (typeof given === "string") return { text: given };
      const taints = given.taint == null ? [] : [{ source: "mail" as const, name: given.taint }];
      const text =
        given.text.length > MAX_CHARS
          ? `${given.text.slice(0, MAX_CHARS)}\n[Cut here.]`
          : given.text;
      return { text, taints };
    },
  });

const isPrivate = ({ principal, audience }: Scope): boolean =>
  audience.kind === "private" && audience.userId === principal.userId;

/** The account that is meant; words for the model when there is none, or it is not clear which. */
export async function accountOf(
  { accounts }: Pick<MailToolDeps, "accounts">,
  scope: Scope,
  wanted: string | undefined,
): Promise<MailAccount | string> {
  const all = await accounts.list(scope);
  if (all.length === 0)
    return "This person has connected no mailbox. `/email connect` does that; never ask for a password here.";
  if (wanted === undefined || wanted.trim() === "")
    return all.length === 1
      ? all[0]!
      : `Say which mailbox: ${all.map(({ address }) => address).join(", ")}.`;
  const name = wanted.trim().toLowerCase();
  return (
    all.find(({ address }) => address === name) ??
    `This person has no mailbox ${name}. There are: ${all.map(({ address }) => address).join(", ")}.`
  );
}

/** Why something did not come of it, for the model. */
export const troubleOf = (result: Exclude<AtServer<unknown>, { kind: "done" }>): string =>
  result.kind === "unknown" ? "It is not there (any more)." : MAIL_PROBLEMS[result.problem];
