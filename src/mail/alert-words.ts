import { MAIL_PROBLEMS, senderWords, shown } from "../agent/mail-words.ts";
import type { AnnouncementButton, AnnouncementCard } from "../core/announcer.ts";
import type { AlertedMail, DueMailAlert } from "../core/mail-queue.ts";
import type { Importance } from "../core/mail-rules.ts";

const COLORS: Readonly<Record<Importance, number>> = {
  low: 0x95a5a6,
  normal: 0x3498db,
  high: 0xff9900,
  urgent: 0xff0000,
};
const MAX_SUBJECT_CHARS = 100;
const MAX_SNIPPET_CHARS = 200;
const MAX_LINE_CHARS = 70;
/** A mail that is told later than this says so. */
const LATE_MS = 600_000;

export const mailCard = (
  mail: AlertedMail,
  { address }: DueMailAlert["account"],
  { now, result }: { readonly now: Date; readonly result: string | null },
): AnnouncementCard => ({
  title: `📬 ${mail.subject === "" ? "(no subject)" : shown(mail.subject, MAX_SUBJECT_CHARS)}`,
  text: result === null ? shown(mail.snippet, MAX_SNIPPET_CHARS) : result,
  color: COLORS[mail.importance],
  fields: [
    { name: "From", value: senderWords(mail) },
    { name: "Rule", value: shown(mail.ruleName ?? "none", 80) },
    { name: "Account", value: shown(address, 100) },
    ...(mail.attachments.length > 0
      ? [{ name: "Attachments", value: attachmentWords(mail.attachments) }]
      : []),
    ...(mail.label === null ? [] : [{ name: "Label", value: shown(mail.label, 50) }]),
  ],
  footer: `${mail.importance}${now.getTime() - mail.receivedAt.getTime() > LATE_MS ? " · came earlier, told now" : ""}`,
  at: mail.receivedAt,
});

const MAX_NAMES = 5;
const attachmentWords = (names: readonly string[]): string =>
  [
    ...names.slice(0, MAX_NAMES).map((name) => shown(name, 60)),
    ...(names.length > MAX_NAMES ? [`and ${names.length - MAX_NAMES} more`] : []),
  ].join(", ");

export const digestCard = (
  mails: readonly AlertedMail[],
  count: number,
  { address }: DueMailAlert["account"],
): AnnouncementCard => ({
  title: `🗞️ ${count} ${count === 1 ? "mail" : "mails"}`,
  text: [
    ...mails.map(
      (mail) =>
        `- ${shown(mail.subject === "" ? "(no subject)" : mail.subject, MAX_LINE_CHARS)} · ${shown(mail.fromAddress, 40)}${mail.dmarc === "fail" ? " ⛔" : ""}`,
    ),
    ...(count > mails.length ? [`and ${count - mails.length} more, in your mailbox`] : []),
  ].join("\n"),
  color: COLORS.low,
  fields: [{ name: "Account", value: shown(address, 100) }],
  footer: "together, as your rules say, or because they came all at once or long ago",
  at: null,
});

/** What one can do with a mail that was told of. `leadsTo` is read by whoever hears the press. */
export function mailButtons(
  { id, dueAt }: Pick<DueMailAlert, "id" | "dueAt">,
  { unsubscribe }: Pick<AlertedMail, "unsubscribe">,
): readonly (readonly AnnouncementButton[])[] {
  const to = (what: string) => `mail:${what}:${id}:${dueAt.getTime()}`;
  return [
    [
      { label: "Read", emoji: "📖", leadsTo: to("read") },
      { label: "Draft reply", emoji: "✍️", leadsTo: to("reply") },
      { label: "Snooze", emoji: "💤", leadsTo: to("snooze") },
      { label: "Archive", emoji: "🗄️", leadsTo: to("archive") },
      { label: "Mute sender", emoji: "🔕", leadsTo: to("mute") },
    ],
    [
      { label: "Make a rule", leadsTo: to("rule") },
      ...(unsubscribe === null ? [] : [{ label: "Unsubscribe", leadsTo: to("unsubscribe") }]),
    ],
  ];
}

/** One button, by which the message is found again. */
export const otherButtons = ({
  id,
  dueAt,
}: Pick<DueMailAlert, "id" | "dueAt">): readonly (readonly AnnouncementButton[])[] => [
  [{ label: "Status", leadsTo: `mail:status:${id}:${dueAt.getTime()}` }],
];

export const noticeWords = ({ account, problem }: DueMailAlert): string =>
  `📪 **${shown(account.address, 100)}** is not watched as it should be. ${MAIL_PROBLEMS[problem ?? "failed"]}`;
