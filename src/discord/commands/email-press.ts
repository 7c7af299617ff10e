import { z } from "zod";
import { senderWords, shown, shownText } from "../../agent/mail-words.ts";
import type { WholeMail } from "../../core/mail-desk.ts";
import type { AlertedMail } from "../../core/mail-queue.ts";
import { newMailRule } from "../../core/mail-rules.ts";
import type { Scope } from "../../core/principal.ts";
import type { Press, PressOutcome } from "../press.ts";
import { defineAction } from "./define-action.ts";
import type { CommandContext } from "./define-command.ts";
import { replyOffer } from "./email-drafts.ts";
import { proposal } from "./email-rules.ts";
import { ownScopeOf, troubleWords, type EmailDeps } from "./email-words.ts";

const SNOOZE = "email-snooze";
const KEEP_FILE = "email-keep-file";
const PRESS = /^mail:([a-z]+):(\d{1,15}):(\d{1,15})$/;
const MAX_READ_CHARS = 12_000;
const MAX_FILE_BUTTONS = 4;
const MUTE_PRIORITY = 900;
const MINUTE_MS = 60_000;
const NOT_YOURS = "That is not your mail, or it is gone.";

/** What stands below an alert: for the mail's owner alone, whoever else reads it. */
export const createEmailPress =
  (deps: EmailDeps): Press =>
  async (leadsTo, context) => {
    const [, what, rawId, rawDue] = PRESS.exec(leadsTo) ?? [];
    if (what === undefined) return null;
    const scope = ownScopeOf(context.scope);
    if (what === "status")
      return whisper(
        "`/email status` tells how your mailboxes are watched, `/email rules` why you hear of what.",
      );
    const id = Number(rawId);
    const mail = await deps.mails.behind(scope, id);
    if (!mail) return whisper(NOT_YOURS);
    return pressed(deps, { scope, mail, id, dueAt: Number(rawDue), context }, what);
  };

interface At {
  readonly scope: Scope;
  readonly mail: AlertedMail;
  readonly id: number;
  readonly dueAt: number;
  readonly context: CommandContext;
}

async function pressed(deps: EmailDeps, at: At, what: string): Promise<PressOutcome | null> {
  const { desk } = deps;
  const { scope, mail, context } = at;
  switch (what) {
    case "read": {
      const read = await desk.readAlerted(scope, mail, context.signal);
      return read.kind === "done" ? offerRead(mail, read.value) : whisper(troubleWords(read) ?? "");
    }
    case "reply": {
      const read = await desk.readAlerted(scope, mail, context.signal);
      if (read.kind !== "done") return whisper(troubleWords(read) ?? "");
      return { kind: "reply", reply: replyOffer(mail, read.value) };
    }
    case "archive": {
      const moved = await desk.archive(scope, mail, context.signal);
      return whisper(
        moved.kind === "done"
          ? `🗄️ Moved to ${moved.value}.`
          : moved.kind === "unknown"
            ? "It is not in your inbox any more, or there is no archive."
            : (troubleWords(moved) ?? ""),
      );
    }
    case "mute":
      return mute(deps, at);
    case "snooze":
      return { kind: "reply", reply: snoozeOffer(at) };
    case "rule": {
      const given = newMailRule.parse({
        name: `From ${mail.fromAddress}`.slice(0, 80),
        importance: "high",
        definition: { all: [{ kind: "sender", contains: [mail.fromAddress || "?"] }] },
      });
      return { kind: "reply", reply: await proposal(deps, scope, given, context.signal) };
    }
    case "unsubscribe":
      return unsubscribe(deps, at);
    default:
      return null;
  }
}

const whisper = (text: string): PressOutcome => ({ kind: "whisper", text });

function offerRead(mail: AlertedMail, whole: WholeMail): PressOutcome {
  const names = whole.attachments.map(
    ({ name, sizeBytes }) => `📎 ${shown(name, 80)} · ${sizeBytes} bytes`,
  );
  const text = [
    `**${shown(whole.subject === "" ? "(no subject)" : whole.subject, 200)}**`,
    senderWords({ fromAddress: whole.from.address, fromName: whole.from.name, dmarc: whole.dmarc }),
    ...(whole.hidesWords
      ? ["⚠️ It holds words that a reader would not see; they are left out."]
      : []),
    "",
    shownText(whole.text, MAX_READ_CHARS),
    ...(whole.isTextCut || whole.text.length > MAX_READ_CHARS
      ? ["-# It goes on in your mailbox."]
      : []),
    ...names,
  ].join("\n");
  const buttons = whole.attachments.slice(0, MAX_FILE_BUTTONS).map((file, index) => ({
    kind: "button" as const,
    label: `Keep ${file.name}`.slice(0, 80),
    action: KEEP_FILE,
    data: { mailId: mail.id, index },
  }));
  return { kind: "reply", reply: { text, ...(buttons.length > 0 ? { rows: [buttons] } : {}) } };
}

async function mute({ rules }: EmailDeps, { scope, mail }: At): Promise<PressOutcome> {
  if (mail.fromAddress === "") return whisper("It has no sender that could be muted.");
  const saved = await rules.save(
    scope,
    newMailRule.parse({
      name: `Muted: ${mail.fromAddress}`.slice(0, 80),
      action: "ignore",
      priority: MUTE_PRIORITY,
      definition: { all: [{ kind: "sender", contains: [mail.fromAddress] }] },
    }),
  );
  return whisper(
    saved.kind === "saved"
      ? `🔕 You hear no more of ${shown(mail.fromAddress, 200)}. \`/email rules\` takes it back.`
      : "You have too many rules: remove one first, with `/email rules`.",
  );
}

const snoozeOffer = ({ id, dueAt }: At) => {
  const button = (label: string, minutes: number) => ({
    kind: "button" as const,
    label,
    action: SNOOZE,
    data: { id, dueAt, minutes },
  });
  return {
    text: "💤 Told again…",
    rows: [
      [
        button("in an hour", 60),
        button("in 3 hours", 180),
        button("tomorrow", 1_440),
        button("in a week", 10_080),
      ],
    ],
  };
};

async function unsubscribe(
  { desk }: EmailDeps,
  { scope, mail, context }: At,
): Promise<PressOutcome> {
  const way = mail.unsubscribe;
  if (way === null) return whisper("This mail names no way to unsubscribe.");
  if (way.oneClick !== null) {
    const host = URL.parse(way.oneClick)?.hostname ?? "";
    const done = await desk.unsubscribe(scope, mail, context.signal);
    return whisper(
      done
        ? `✅ ${shown(host, 100)} was asked to take you off its list, and agreed.`
        : `⚠️ ${shown(host, 100)} was asked to take you off its list, and did not agree.`,
    );
  }
  return whisper(
    `It cannot be done with one click. The mail names this way, which you may trust or not:\n\`\`\`\n${(way.page ?? way.mailto ?? "").replaceAll("`", "'").slice(0, 1_000)}\n\`\`\``,
  );
}

const snoozed = z.object({ id: z.int(), dueAt: z.number(), minutes: z.int().min(1).max(20_160) });
const kept = z.object({ mailId: z.int(), index: z.int().min(0) });

/** What controls of whispers below an alert lead to. */
export const pressActions = (deps: EmailDeps) => [
  defineAction({
    name: SNOOZE,
    async run({ data }, { scope }: CommandContext) {
      const { id, dueAt, minutes } = snoozed.parse(data);
      const until = new Date(deps.clock.now().getTime() + minutes * MINUTE_MS);
      const put = await deps.mails.snooze(ownScopeOf(scope), id, new Date(dueAt), until);
      deps.desk.poke();
      const text = put
        ? `💤 Told again <t:${Math.floor(until.getTime() / 1_000)}:R>.`
        : "You have decided that already.";
      return { kind: "replace", reply: { text } };
    },
  }),
  defineAction({
    name: KEEP_FILE,
    async run({ data }, { scope, signal }: CommandContext) {
      const own = ownScopeOf(scope);
      const { mailId, index } = kept.parse(data);
      const mail = await deps.mails.one(own, mailId);
      if (!mail) return { kind: "whisper", reply: { text: NOT_YOURS } };
      const found = await deps.desk.attachment(
        own,
        mail.accountId,
        mail.path,
        mail.uid,
        index,
        signal,
      );
      if (found.kind !== "done")
        return { kind: "whisper", reply: { text: troubleWords(found) ?? "" } };
      const saved = await deps.files.save(own, { ...found.value, origin: null });
      const text =
        saved.kind === "saved"
          ? `📎 Kept as ${shown(saved.file.name, 100)}, among your files, for you alone.`
          : "It is too large, or you keep too much already.";
      return { kind: "whisper", reply: { text } };
    },
  }),
];
