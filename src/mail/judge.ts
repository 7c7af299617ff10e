import type { WatchedAccount, Verdict } from "../core/mail-queue.ts";
import type { MailRule } from "../core/mail-rules.ts";
import { fits, type Judged } from "./conditions.ts";
import { alertDueAt, digestDueAt } from "./due-time.ts";

/** What came that long ago is no news: it comes together, with when it came. */
const LATE_MS = 6 * 3_600_000;

/** The first rule that fits decides, in the order that the store gives; without one, nothing is told. */
export function judge(
  account: Pick<WatchedAccount, "quiet" | "digestAt" | "pings">,
  rules: readonly MailRule[],
  mail: Judged,
  now: Date,
): Verdict {
  const { zone } = mail;
  const rule = rules.find(({ isEnabled, definition }) => isEnabled && fits(definition, mail));
  if (!rule) return { ...NOTHING, dueAt: now };
  const isLate = now.getTime() - mail.receivedAt.getTime() > LATE_MS;
  const wants = rule.action === "alert" || rule.action === "prompt";
  const soon = alertDueAt(account, zone, now);
  return {
    action: wants && isLate ? "digest" : rule.action,
    ruleId: rule.id,
    ruleName: rule.name,
    importance: rule.importance,
    pings: rule.pings ?? account.pings,
    label: rule.label,
    prompt: rule.prompt,
    dueAt: rule.action === "digest" ? digestDueAt(account, zone, now) : soon,
  };
}

const NOTHING: Omit<Verdict, "dueAt"> = {
  action: "none",
  ruleId: null,
  ruleName: null,
  importance: "normal",
  pings: false,
  label: null,
  prompt: null,
};

export const knownVerdict = (now: Date): Verdict => ({ ...NOTHING, action: "known", dueAt: now });
