import type { Fact, Refused } from "../../core/memory.ts";

/** For the model, which tells the person. */
export const refusedBecause = (because: Refused): string => REFUSALS[because];

const REFUSALS: Readonly<Record<Refused, string>> = {
  paused: "Not kept: this person has paused their memory. /memory resume switches it on again.",
  off: "Not kept: this person wants nothing remembered. /memory resume changes that.",
  never: "Not kept: this person has said never to learn about this. /memory never shows the list.",
  full: "Not kept: there are too many memories of this person. Some have to be forgotten first.",
  empty: "Not kept: there were no words in it.",
  secret:
    "Not kept: there is a password, a PIN or a key in it, and those do not belong in a memory. Say so, and do not repeat it.",
  unlearnt: "Not kept: this person had it forgotten before.",
};

export const factLine = ({ id, kind, subject, text, validFrom, validTo }: Fact): string => {
  const about = subject === "" ? "" : `, about ${subject}`;
  const until = validTo === null ? "" : `, until ${day(validTo)}`;
  return `[${id}] (${kind}${about}, since ${day(validFrom)}${until}) ${text}`;
};

const day = (at: Date): string => at.toISOString().slice(0, 10);
