import { ApplicationCommandOptionType as Option } from "discord-api-types/v10";
import type { APIApplicationCommandBasicOption } from "discord-api-types/v10";
import { MAIL_PROBLEMS, shown } from "../../agent/mail-words.ts";
import type { Clock } from "../../core/clock.ts";
import type { FileStore } from "../../core/files.ts";
import type { MailAccount, MailAccounts } from "../../core/mail.ts";
import type { AtServer, MailDesk, RuleWriter } from "../../core/mail-desk.ts";
import type { MailDrafts } from "../../core/mail-drafts.ts";
import type { Mails } from "../../core/mail-queue.ts";
import type { MailRule, MailRules, NewMailRule } from "../../core/mail-rules.ts";
import type { Scope } from "../../core/principal.ts";
import type { CommandInput, Suggest } from "./define-command.ts";

export interface EmailDeps {
  readonly accounts: MailAccounts;
  readonly rules: MailRules;
  readonly drafts: MailDrafts;
  readonly mails: Mails;
  readonly desk: MailDesk;
  readonly writer: RuleWriter;
  readonly files: Pick<FileStore, "save">;
  /** The owner's clock: an IANA name. */
  readonly zoneOf: (scope: Scope) => Promise<string>;
  readonly clock: Clock;
}

export const NONE = "You have connected no mailbox. `/email connect` does that.";

export const ACCOUNT: APIApplicationCommandBasicOption = {
  type: Option.String,
  name: "account",
  description: "Which mailbox; left out, the only one",
  required: false,
  autocomplete: true,
};

/** Proposes the person's own addresses. */
export const suggestAccount = ({
  accounts,
}: Pick<EmailDeps, "accounts">): { account: Suggest } => ({
  async account(typed, _, { scope }) {
    const found = await accounts.list(ownScopeOf(scope));
    return found
      .filter(({ address }) => address.includes(typed.toLowerCase()))
      .slice(0, 25)
      .map(({ id, address }) => ({ name: address.slice(0, 100), value: String(id) }));
  },
});

/** What a command answers is read by the person alone, wherever it was given. */
export const ownScopeOf = ({ principal }: Scope): Scope => ({
  principal,
  audience: { kind: "private", userId: principal.userId },
});

/** The account that is meant; words when it is not clear which. */
export async function accountOf(
  { accounts }: Pick<EmailDeps, "accounts">,
  scope: Scope,
  { account: wanted }: CommandInput,
): Promise<MailAccount | string> {
  const all = await accounts.list(scope);
  if (all.length === 0) return NONE;
  if (wanted === undefined)
    return all.length === 1
      ? all[0]!
      : `You have ${all.length} mailboxes: say which in \`account\`.`;
  return (
    all.find(({ id, address }) => String(id) === wanted || address === wanted.toLowerCase()) ??
    "You have no such mailbox. `/email accounts` lists yours."
  );
}

/** Why something did not come of it; null when it did. */
export function troubleWords(result: AtServer<unknown>): string | null {
  if (result.kind === "done") return null;
  return result.kind === "unknown"
    ? "It is not there (any more)."
    : `⚠️ ${MAIL_PROBLEMS[result.problem]}`;
}

export const clockWords = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Minutes since midnight of "7", "7:30" or "22:00"; null for anything else. */
export function readClock(text: string): number | null {
  const [, hours = "", minutes = "0"] = /^\s*(\d{1,2})(?:[:.](\d{2}))?\s*$/.exec(text) ?? [];
  const [hour, minute] = [Number(hours), Number(minutes)];
  return hours !== "" && hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

const ACTIONS: Readonly<Record<MailRule["action"], string>> = {
  alert: "tells you at once",
  digest: "goes into the digest",
  ignore: "is ignored",
  label: "is labelled",
  prompt: "is read for you",
};

/** A rule as a person reads it. */
export function ruleWords(rule: NewMailRule): string {
  const { all, any, none } = rule.definition;
  const part = (title: string, conditions: typeof all) =>
    conditions.length === 0
      ? []
      : [`**${title}**`, ...conditions.map((each) => `- ${conditionWords(each)}`)];
  const lines = [
    ...part("all of", all),
    ...part("one of", any),
    ...part("none of", none),
    ...(all.length + any.length + none.length === 0 ? ["every mail"] : []),
  ];
  const more = [
    `${ACTIONS[rule.action]}${rule.label === null ? "" : ` “${shown(rule.label, 50)}”`}`,
    rule.importance,
    `priority ${rule.priority}`,
    ...(rule.pings === null ? [] : [rule.pings ? "pings you" : "never pings"]),
    ...(rule.prompt === null ? [] : [`“${shown(rule.prompt, 200)}”`]),
    ...(rule.isEnabled ? [] : ["switched off"]),
  ];
  return [...lines, `→ ${more.join(" · ")}`].join("\n");
}

const list = (words: readonly string[]): string =>
  words
    .slice(0, 8)
    .map((word) => `“${shown(word, 60)}”`)
    .join(", ") + (words.length > 8 ? ` and ${words.length - 8} more` : "");

function conditionWords(condition: NewMailRule["definition"]["all"][number]): string {
  switch (condition.kind) {
    case "sender":
      return `the sender holds ${list(condition.contains)}`;
    case "domain":
      return `it is from ${list(condition.is)}`;
    case "to":
      return `it is to ${list(condition.contains)}`;
    case "subject":
      return `the subject holds ${list(condition.contains)}`;
    case "body":
      return `the text holds ${list(condition.contains)}`;
    case "regex":
      return `the ${condition.in} fits \`${condition.pattern.replaceAll("`", "'").slice(0, 100)}\``;
    case "list":
      return condition.contains.length === 0
        ? "it came by a mailing list"
        : `it came by the list ${list(condition.contains)}`;
    case "attachment":
      return `it has ${condition.has ? "" : "no "}attachments${condition.endings ? ` that end in ${list(condition.endings)}` : ""}`;
    case "dmarc":
      return `the sender's proof is ${condition.is.join(" or ")}`;
    case "size":
      return [
        ...(condition.overBytes === undefined
          ? []
          : [`it is larger than ${condition.overBytes} bytes`]),
        ...(condition.underBytes === undefined
          ? []
          : [`it is smaller than ${condition.underBytes} bytes`]),
      ].join(" and ");
    case "time":
      return `it comes between ${condition.from} and ${condition.to}${condition.weekdays?.length ? ` on day ${condition.weekdays.join(", ")} of the week` : ""}`;
  }
}
