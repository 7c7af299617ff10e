import { MAIL_PROBLEMS, shown } from "../../agent/mail-words.ts";
import type { MailAccount, MailEvent } from "../../core/mail.ts";
import { defineAction } from "./define-action.ts";
import { defineCommand } from "./define-command.ts";
import {
  ACCOUNT,
  accountOf,
  clockWords,
  NONE,
  ownScopeOf,
  suggestAccount,
  troubleWords,
  type EmailDeps,
} from "./email-words.ts";

const DISCONNECT = "email-disconnect";
const EVENTS = 5;

export const accounts = (deps: EmailDeps) =>
  defineCommand({
    name: "accounts",
    description: "Your mailboxes",
    options: [],
    async run(_, { scope }) {
      const found = await deps.accounts.list(ownScopeOf(scope));
      return found.length === 0
        ? NONE
        : found
            .map(
              (each) => `${markOf(deps, each)} **${shown(each.address, 254)}** · ${each.provider}`,
            )
            .join("\n");
    },
  });

export const status = (deps: EmailDeps) =>
  defineCommand({
    name: "status",
    description: "How a mailbox is watched, and what happened to it",
    options: [ACCOUNT],
    suggest: suggestAccount(deps),
    async run(input, context) {
      const scope = ownScopeOf(context.scope);
      const account = await accountOf(deps, scope, input);
      if (typeof account === "string") return account;
      const [events, zone] = await Promise.all([
        deps.accounts.events(scope, account.id, EVENTS),
        deps.zoneOf(scope),
      ]);
      return statusWords(deps, account, events, zone);
    },
  });

function statusWords(
  deps: EmailDeps,
  account: MailAccount,
  events: readonly MailEvent[],
  zone: string,
): string {
  const { quiet, channel, checkedAt, problem, state } = account;
  return [
    `${markOf(deps, account)} **${shown(account.address, 254)}** · ${account.imap.host}`,
    `**Watched** ${state === "active" ? "yes" : state}${isStale(deps, account) ? ", but nothing was looked at for a while" : ""}`,
    `**Last look** ${checkedAt === null ? "none yet" : stamp(checkedAt)}`,
    ...(problem === null ? [] : [`**Trouble** ${MAIL_PROBLEMS[problem]}`]),
    ...(account.retryAt === null || state !== "active"
      ? []
      : [`**Next try** ${stamp(account.retryAt)}`]),
    `**Alerts** ${channel === null ? "in private" : channel.guildId === null ? "in private" : `<#${channel.channelId}>`}${account.pings ? ", with a ping" : ""}`,
    `**Quiet** ${quiet === null ? "never" : `${clockWords(quiet.from)} to ${clockWords(quiet.to)}`} · **digest** at ${clockWords(account.digestAt)} (${zone})`,
    ...events.map(
      ({ at, kind, detail }) => `-# ${stamp(at)} ${EVENTS_WORDS[kind]} ${shown(detail, 100)}`,
    ),
  ].join("\n");
}

const EVENTS_WORDS: Readonly<Record<MailEvent["kind"], string>> = {
  "uid-validity": "the server numbered all mails anew:",
  gone: "mails were gone before they were read:",
  unreadable: "a mail could not be read:",
  flood: "many mails came at once:",
  late: "mails came that were old:",
  imported: "imported:",
};

const stamp = (at: Date): string => `<t:${Math.floor(at.getTime() / 1_000)}:R>`;

/** Two looks were missed. */
const isStale = ({ clock }: EmailDeps, { checkedAt, pollMinutes, state }: MailAccount): boolean =>
  state === "active" &&
  checkedAt !== null &&
  clock.now().getTime() - checkedAt.getTime() > 2 * pollMinutes * 60_000;

function markOf(deps: EmailDeps, account: MailAccount): string {
  if (account.state === "paused") return "⏸️";
  if (account.state !== "active" || account.problem !== null) return "⚠️";
  return isStale(deps, account) ? "🟡" : "🟢";
}

export const test = (deps: EmailDeps) =>
  defineCommand({
    name: "test",
    description: "Sign in to a mailbox now, and to its server for sending",
    options: [ACCOUNT],
    suggest: suggestAccount(deps),
    async run(input, context) {
      const scope = ownScopeOf(context.scope);
      const account = await accountOf(deps, scope, input);
      if (typeof account === "string") return account;
      const tested = await deps.desk.test(scope, account.id, context.signal);
      if (tested.kind !== "done") return troubleWords(tested) ?? "";
      const { folders, canSend } = tested.value;
      return `🟢 It works: ${folders} folders. ${canSend ? "Drafts can be sent." : "Nothing can be sent from it."}`;
    },
  });

export const pause = (deps: EmailDeps) =>
  defineCommand({
    name: "pause",
    description: "Stop watching a mailbox, or go on",
    options: [ACCOUNT],
    suggest: suggestAccount(deps),
    async run(input, context) {
      const scope = ownScopeOf(context.scope);
      const account = await accountOf(deps, scope, input);
      if (typeof account === "string") return account;
      const state = account.state === "paused" ? "active" : "paused";
      await deps.accounts.change(scope, account.id, { state });
      deps.desk.poke();
      return state === "paused"
        ? "⏸️ It is not watched now. `/email pause` again goes on, with what came meanwhile."
        : "🟢 It is watched again.";
    },
  });

export const disconnect = (deps: EmailDeps) =>
  defineCommand({
    name: "disconnect",
    description: "Forget a mailbox, its password, and what was seen in it",
    options: [ACCOUNT],
    suggest: suggestAccount(deps),
    async run(input, context) {
      const account = await accountOf(deps, ownScopeOf(context.scope), input);
      if (typeof account === "string") return account;
      return {
        text: `Forget **${shown(account.address, 254)}**, its password, drafts and rules, and what I saw in it? At your provider nothing changes.`,
        rows: [
          [
            {
              kind: "button",
              label: "Forget it",
              style: "danger",
              action: DISCONNECT,
              data: { id: account.id },
            },
          ],
        ],
      };
    },
  });

export const disconnectAction = (deps: EmailDeps) =>
  defineAction({
    name: DISCONNECT,
    async run({ data }, { scope }) {
      const gone = await deps.accounts.remove(ownScopeOf(scope), Number(data["id"]));
      deps.desk.poke();
      return {
        kind: "replace",
        reply: { text: gone ? "It is forgotten." : "It was forgotten already." },
      };
    },
  });
