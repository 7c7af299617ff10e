import type { Approval, ApprovalChoice } from "../core/approvals.ts";
import type { ApprovalCard, Outlet, RenderedPart } from "../core/outlet.ts";
import { originOf, withoutHidden } from "./data-marks.ts";
import { plainName } from "./speakers.ts";

/** Characters of what a tool says of its call. */
const MAX_LINE = 200;
/** Of an address, as it stands on a card: with the rest of the card less than a message of Discord's. */
const ADDRESS_HEAD = 400;
const ADDRESS_TAIL = 100;

/** What a person reads before he decides. Nothing of it can look like something else: arguments may hold anything. */
function toCard(approval: Approval): ApprovalCard {
  const { what, taints, clicker, askerName } = approval;
  const who = clicker === "admin" ? "Only who manages this server" : `Only ${plainName(askerName)}`;
  const origins = taints.map(originOf).map(quiet).join(", ");
  const lines = [
    `🔐 **${quiet(what)}**`,
    ...aboutLines(approval),
    ...(origins === "" ? [] : [`I ask because I have read words of others: ${origins}.`]),
    `-# ${who} can decide, within 24 hours. Nothing has been done yet.`,
  ];
  return {
    approval,
    words: lines.join("\n"),
    details: visible(JSON.stringify({ tool: approval.tool, arguments: approval.input }, null, 1)),
    choices: choicesFor(approval),
  };
}

function aboutLines({ effect, target, reversible, taints }: Approval): readonly string[] {
  const to = target === "" ? [] : [`To: \`${inCode(target)}\``];
  if (effect !== "read")
    return [...to, reversible ? "This can be undone." : "This cannot be undone."];
  // A read that asks for the sake of others' words opens an address that nobody gave; another asks because of a rule.
  return taints.length > 0 ? addressLines(target) : to;
}

/** The host by itself, since it is hard to find in a long address, and the address in lines of its own. */
function addressLines(target: string): readonly string[] {
  const host = URL.parse(target)?.host ?? "";
  const length = target.length;
  const isAll = length <= ADDRESS_HEAD + ADDRESS_TAIL;
  const shown = isAll
    ? target
    : `${target.slice(0, ADDRESS_HEAD)} … ${length - ADDRESS_HEAD - ADDRESS_TAIL} characters more … ${target.slice(-ADDRESS_TAIL)}`;
  return [
    ...(host === "" ? [] : [`On: \`${inCode(host)}\``]),
    `\`\`\`\n${visible(shown).replaceAll("`", "%60")}\n\`\`\``,
    `I made this address up myself, or changed it. Who owns the page sees all ${length} characters of it: does it hold anything that is nobody's business?`,
  ];
}

/** What stands on the card once it is over. */
export function settledWords({ what, target, state, askerName }: Approval): string {
  const call = target === "" ? `**${quiet(what)}**` : `**${quiet(what)}** (\`${inCode(target)}\`)`;
  switch (state) {
    case "approved":
      return `✅ Approved: ${call}`;
    case "denied":
      return `❌ Denied: ${call}\n-# Nothing was done.`;
    case "open":
    case "void":
      return `⌛ Not decided in time: ${call}\n-# Nothing was done. ${plainName(askerName)} can ask again.`;
  }
}

/** Where others' words are in play every call asks: to agree for good would promise what is not kept. */
const choicesFor = ({ taints, clicker }: Approval): readonly ApprovalChoice[] =>
  taints.length > 0 || clicker === "admin"
    ? ["once", "deny"]
    : ["once", "conversation", "always", "deny"];

/** One line without Markdown, mentions, links or anything that cannot be seen. */
const quiet = (text: string): string => inCode(text).replaceAll("://", "[:]//");

/** The same between backticks, where an address is no link: it stands there as it is. */
const inCode = (text: string): string =>
  withoutHidden(text)
    .replace(/\s+/g, " ")
    .replace(/[`*~|<>[\]\\]/g, (sign) => LOOKALIKES[sign] ?? " ")
    .slice(0, MAX_LINE);

const LOOKALIKES: Readonly<Record<string, string>> = {
  "`": "ʼ",
  "<": "‹",
  ">": "›",
  "[": "(",
  "]": ")",
};

/** Hidden characters as their numbers, so that they are seen. */
const visible = (json: string): string =>
  json.replace(
    /[^\P{C}\n]|\p{Default_Ignorable_Code_Point}/gu,
    (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`,
  );

/** The answer as the place shows it: its parts, then a card for each call that waits, or all in one where it has no cards. */
export function withCards(
  { voice }: Pick<Outlet, "voice">,
  /** The answer itself, with its files where the place takes them. */
  answer: { readonly text: string; readonly parts: readonly RenderedPart[] },
  waiting: readonly Approval[],
): readonly RenderedPart[] {
  if (waiting.length === 0) return answer.parts;
  const { card } = voice;
  const cards = waiting.map(toCard);
  if (card) return [...answer.parts, ...cards.map(card)];
  return voice.render([answer.text, ...cards.map(inWords)].join("\n\n"), { final: true });
}

/** For places where a person types the decision. */
const inWords = ({ approval, words, details, choices }: ApprovalCard): string => {
  const more = choices
    .filter((choice) => choice === "conversation" || choice === "always")
    .map((choice) => `\`/approve ${approval.id} ${choice}\``);
  const others = more.length > 0 ? `, for later too ${more.join(" or ")}` : "";
  const fence = "`".repeat(
    Math.max(3, ...[...details.matchAll(/`+/g)].map(([run]) => run.length + 1)),
  );
  return [
    words,
    `${fence}json\n${details}\n${fence}`,
    `Write \`/approve ${approval.id}\`${others}, or \`/deny ${approval.id}\`.`,
  ].join("\n");
};
