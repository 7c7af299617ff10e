import type { MailContent } from "./content.ts";

/** Answers to one address, and to everybody, within an hour. */
export const MAX_ANSWERS_TO_ONE = 5;
const MAX_ANSWERS = 30;
const HOUR_MS = 3_600_000;

export type Answered = readonly (readonly [address: string, atMs: number])[];

export type Refusal =
  | "from-herself"
  | "not-allowed"
  | "not-proven"
  | "automatic"
  | "too-many"
  | "no-sender";

/**
 * Why a mail gets no answer; null when it gets one. A machine's mail never does, so that two machines do not write to each
 * other for ever (RFC 3834), and neither does one whose sender may be anybody.
 */
export function refusalOf(
  content: MailContent,
  answered: Answered,
  {
    address,
    allowedSenders,
    now,
  }: { readonly address: string; readonly allowedSenders: readonly string[]; readonly now: Date },
): Refusal | null {
  const sender = content.from.address;
  if (!/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(sender)) return "no-sender";
  if (sender === address) return "from-herself";
  if (!isAllowed(sender, allowedSenders)) return "not-allowed";
  if (content.dmarc === "fail" || content.hasManyFrom) return "not-proven";
  if (content.isAutomatic || /^(?:mailer-daemon|postmaster|no-?reply|bounces?)[@+-]/.test(sender))
    return "automatic";
  const recent = recentOf(answered, now);
  const toOne = recent.filter(([to]) => to === sender).length;
  return toOne >= MAX_ANSWERS_TO_ONE || recent.length >= MAX_ANSWERS ? "too-many" : null;
}

export const recentOf = (answered: Answered, now: Date): Answered =>
  answered.filter(([, atMs]) => now.getTime() - atMs < HOUR_MS);

const isAllowed = (sender: string, allowed: readonly string[]): boolean =>
  allowed.some((each) => (each.startsWith("@") ? sender.endsWith(each) : sender === each));

const MAX_QUOTED_CHARS = 2_000;

/** An answer below which the mail stands that it answers. */
export const withQuote = (answer: string, { from, date, text }: MailContent): string =>
  [
    answer,
    "",
    `On ${date ?? "an unknown day"}, ${from.address} wrote:`,
    ...text
      .slice(0, MAX_QUOTED_CHARS)
      .split("\n")
      .map((line) => `> ${line}`),
  ].join("\n");
