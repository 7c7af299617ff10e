import { RE2JS } from "re2js";
import type { Condition, RuleDefinition } from "../core/mail-rules.ts";
import type { MailContent } from "./content.ts";

/** What rules are asked about. */
export interface Judged {
  readonly content: MailContent;
  readonly receivedAt: Date;
  readonly sizeBytes: number;
  /** The owner's, an IANA name. */
  readonly zone: string;
}

/** Of a body, what rules look at. */
const MAX_BODY_CHARS = 50_000;

export function fits({ all, any, none }: RuleDefinition, mail: Judged): boolean {
  return (
    all.every((condition) => holds(condition, mail)) &&
    (any.length === 0 || any.some((condition) => holds(condition, mail))) &&
    !none.some((condition) => holds(condition, mail))
  );
}

function holds(condition: Condition, mail: Judged): boolean {
  const { content } = mail;
  switch (condition.kind) {
    case "sender":
      return containsAny([content.from.address, content.from.name], condition.contains);
    case "domain":
      return condition.is.some((domain) => isWithin(content.from.address, domain));
    case "to":
      return containsAny(
        [...content.to, ...content.cc].map(({ address }) => address),
        condition.contains,
      );
    case "subject":
      return containsAny([content.subject], condition.contains);
    case "body":
      return containsAny([content.text.slice(0, MAX_BODY_CHARS)], condition.contains);
    case "regex":
      return matches(condition.pattern, partOf(content, condition.in));
    case "list":
      return (
        content.listId !== null &&
        (condition.contains.length === 0 || containsAny([content.listId], condition.contains))
      );
    case "attachment":
      return hasAttachment(content, condition.endings) === condition.has;
    case "dmarc":
      return condition.is.includes(content.dmarc);
    case "size":
      return (
        mail.sizeBytes > (condition.overBytes ?? -1) &&
        mail.sizeBytes < (condition.underBytes ?? Infinity)
      );
    case "time":
      return isAt(condition, mail);
  }
}

const containsAny = (texts: readonly string[], words: readonly string[]): boolean => {
  const lower = texts.map((text) => text.toLowerCase());
  return words.some((word) => lower.some((text) => text.includes(word.toLowerCase())));
};

function isWithin(address: string, domain: string): boolean {
  const host = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  const wanted = domain.toLowerCase().replace(/^[@.]+/, "");
  return host === wanted || host.endsWith(`.${wanted}`);
}

function partOf({ from, subject, text }: MailContent, part: "sender" | "subject" | "body"): string {
  if (part === "subject") return subject;
  return part === "body" ? text.slice(0, MAX_BODY_CHARS) : `${from.name} <${from.address}>`;
}

function hasAttachment({ attachments }: MailContent, endings: readonly string[] = []): boolean {
  if (endings.length === 0) return attachments.length > 0;
  return attachments.some(({ name }) =>
    endings.some((ending) => name.toLowerCase().endsWith(`.${ending.toLowerCase()}`)),
  );
}

/** In time that grows with the text and no faster, whatever the pattern: https://github.com/google/re2. */
function matches(pattern: string, text: string): boolean {
  try {
    return compile(pattern).matcher(text).find();
  } catch {
    return false; // Checked when it was saved; one of an older version may not be understood any more.
  }
}

const compile = (pattern: string): RE2JS => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);

/** What is wrong with a pattern, in the words of the library; null when nothing is. */
export function wrongPattern(pattern: string): string | null {
  try {
    compile(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isAt(
  { from, to, weekdays = [] }: Extract<Condition, { kind: "time" }>,
  { receivedAt, zone }: Judged,
): boolean {
  const { minutes, weekday } = clockIn(zone, receivedAt);
  if (weekdays.length > 0 && !weekdays.includes(weekday)) return false;
  return isBetween(minutes, toMinutes(from), toMinutes(to));
}

const toMinutes = (clock: string): number => {
  const [hours = "0", minutes = "0"] = clock.split(":");
  return Number(hours) * 60 + Number(minutes);
};

/** `from` counts, `to` does not; may go over midnight. The same twice is the whole day. */
export const isBetween = (minutes: number, from: number, to: number): boolean =>
  from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** What the clock on the wall shows there. */
export function clockIn(zone: string, at: Date): { minutes: number; weekday: number } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return {
    minutes: Number(part("hour")) * 60 + Number(part("minute")),
    weekday: WEEKDAYS.indexOf(part("weekday")) + 1,
  };
}
