import { ApplicationCommandOptionType as Option } from "discord-api-types/v10";
import { z } from "zod";
import { rule as rulingOf } from "../../agent/policy.ts";
import type { Approvals, ToolRule, ToolRules } from "../../core/approvals.ts";
import type { Conversation } from "../../core/message.ts";
import { isGuildAdmin, ScopeError } from "../../core/principal.ts";
import type { ToolFacts } from "../../core/tool.ts";
import type { GuildLog } from "../guild-log.ts";
import { toConversationId } from "../snowflake.ts";
import { WORDS } from "../words.ts";
import { mention, placeName } from "./change-settings.ts";
import { defineAction } from "./define-action.ts";
import { defineCommand, type CommandContext } from "./define-command.ts";
import { FOR, holderIn, NAMES } from "./places.ts";
import type { Choice, Reply } from "./reply.ts";

export interface ToolRuleDeps {
  readonly toolRules: ToolRules;
  readonly approvals: Pick<Approvals, "revokeGrants">;
  /** What there is now, with the names that rules go by. */
  readonly tools: () => readonly ToolFacts[];
  readonly guildLog: Pick<GuildLog, "tell">;
}

const REVOKE = "settings-tools-revoke";
const MAX_SUGGESTED = 25;
/** Rules that a list names. */
const MAX_LISTED = 60;

/** A map, since what people type is looked up: an object knows "constructor", too. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ["*", "every tool"],
  ["effect:read", "every tool that only reads"],
  ["effect:write", "every tool that changes something of mine"],
  ["effect:outside", "every tool that acts outside"],
]);

const verdict = z.enum(["allow", "ask", "deny", "default"]);
const clicker = z.enum(["asker", "admin"]);

/** `/settings tools`: allow, ask or deny, for oneself, a channel or a server. */
export const toolRulesCommand = (deps: ToolRuleDeps) =>
  defineCommand({
    name: "tools",
    description: "What tools may do without asking: for you, this channel or this server",
    options: [
      {
        type: Option.String,
        name: "tool",
        description: "A tool or a group of tools; left out: shows all rules",
        required: false,
        autocomplete: true,
        max_length: 100,
      },
      {
        type: Option.String,
        name: "rule",
        description: "Left out: shows what holds; default: as if it had never been set",
        required: false,
        choices: verdict.options.map((name) => ({ name, value: name })),
      },
      FOR,
      {
        type: Option.String,
        name: "clicker",
        description: "Who clicks where it asks; left out: whoever asked",
        required: false,
        choices: [
          { name: "whoever asked", value: "asker" },
          { name: "an admin of the server", value: "admin" },
        ],
      },
    ],
    suggest: { tool: async (typed) => suggestions(deps.tools(), typed) },
    async run(input, context) {
      const { tool, rule } = input;
      if (tool === undefined)
        return rule === undefined ? toolRuleList(deps, context) : "For which `tool`?";
      const rules = await deps.toolRules.of(context.scope, rulePlace(context.conversation));
      if (rule === undefined) return effectOf(deps.tools(), tool, rules);
      const wanted = holderIn(input, context);
      if ("refusal" in wanted) return wanted.refusal;
      const read = z.object({ verdict, clicker }).safeParse({
        verdict: rule,
        clicker: input["clicker"] ?? "asker",
      });
      if (!read.success) return "A rule is allow, ask, deny or default.";
      return setRule(deps, context, rules, { ...wanted, tool, ...read.data });
    },
  });

/** What the button of the list leads to. */
export const toolRuleActions = ({ approvals }: ToolRuleDeps) => [
  defineAction({
    name: REVOKE,
    async run(_, { scope }) {
      const count = await approvals.revokeGrants(scope);
      const text =
        count === 0
          ? "There was nothing here that you had agreed to for good."
          : `Taken back: ${count}. I ask you again from now on.`;
      return { kind: "whisper", reply: { text } };
    },
  }),
];

/** The rules that reach this person here, and a way to take back what he agreed to. */
export async function toolRuleList(
  { toolRules }: ToolRuleDeps,
  { scope, conversation }: CommandContext,
): Promise<Reply> {
  const rules = await toolRules.of(scope, rulePlace(conversation));
  const lines = rules
    .toSorted((one, other) => `${one.holder}${one.tool}`.localeCompare(other.holder + other.tool))
    .slice(0, MAX_LISTED)
    .map((each) => `- ${NAMES[each.holder]}, ${nameOf(each.tool)}: ${inWords(each)}`);
  return {
    text: [
      "**What tools may do here**",
      "Where no rule says otherwise, reading and changing something of mine is allowed, and acting outside asks. Once others' words are in play, every change asks.",
      ...(lines.length > 0 ? lines : ["There are no rules yet."]),
      "-# `/settings tools` with `tool` and `rule` sets one. Your own can only be stricter.",
    ].join("\n"),
    rows: [
      [
        {
          kind: "button",
          label: "Take back what I agreed to for good here",
          action: REVOKE,
          data: {},
          style: "danger",
        },
      ],
    ],
  };
}

interface WantedRule extends Pick<ToolRule, "holder" | "tool" | "clicker"> {
  readonly verdict: z.infer<typeof verdict>;
}

async function setRule(
  deps: ToolRuleDeps,
  { scope, conversation }: CommandContext,
  rules: readonly ToolRule[],
  { verdict: wanted, ...rule }: WantedRule,
): Promise<string> {
  const { holder, tool } = rule;
  // The store wants Discord's own permission: the operator's admin role opens channels, and not what tools may do.
  if (holder !== "person" && !isGuildAdmin(scope.principal)) return WORDS.adminsOnly;
  if (holder === "person" && (wanted === "allow" || rule.clicker === "admin"))
    return "Your own rules can only be stricter: ask or deny, with your own click.";
  const before = rules.find((each) => each.holder === holder && each.tool === tool);
  if (!before && !isKnown(deps.tools(), tool)) return UNKNOWN;
  const place = rulePlace(conversation);
  try {
    if (wanted === "default") await deps.toolRules.remove(scope, place, { holder, tool });
    else await deps.toolRules.set(scope, place, { ...rule, verdict: wanted });
  } catch (error) {
    if (error instanceof ScopeError) return `${error.message}.`;
    throw error;
  }
  const after = wanted === "default" ? undefined : { ...rule, verdict: wanted };
  const change = `${nameOf(tool)}: ${inWords(before)} → ${inWords(after)}`;
  if (holder !== "person")
    deps.guildLog.tell(
      conversation.guildId,
      `⚙️ ${mention(scope.principal.userId)} changed what tools may do in ${placeName(holder, conversation)}: ${change}`,
    );
  return `For ${NAMES[holder]}, ${change}`;
}

const UNKNOWN = "I know no tool of that name. Choose one from the list that comes while you type.";

const isKnown = (tools: readonly ToolFacts[], selector: string): boolean =>
  GROUPS.has(selector) || tools.some(({ name }) => name === selector);

/** What holds for one tool, and why. A group is told as its rules are. */
function effectOf(
  tools: readonly ToolFacts[],
  selector: string,
  rules: readonly ToolRule[],
): string {
  const tool = tools.find(({ name }) => name === selector);
  const own = rules
    .filter((each) => each.tool === selector)
    .map((each) => `- ${NAMES[each.holder]}: ${inWords(each)}`);
  if (!tool)
    return isKnown(tools, selector) || own.length > 0
      ? [`**${nameOf(selector)}**`, ...(own.length > 0 ? own : ["There is no rule for it."])].join(
          "\n",
        )
      : UNKNOWN;
  const now = rulingOf({ tool, rules, taints: [], isGranted: false });
  return [
    `${nameOf(selector)} for you here: **${now.verdict}** (default: ${defaultOf(tool)})`,
    ...own,
  ].join("\n");
}

const defaultOf = (tool: ToolFacts): ToolRule["verdict"] =>
  rulingOf({ tool, rules: [], taints: [], isGranted: false }).verdict;

const nameOf = (selector: string): string => GROUPS.get(selector) ?? `\`${selector}\``;

const inWords = (rule: Pick<ToolRule, "verdict" | "clicker"> | undefined): string => {
  if (rule === undefined) return "default";
  return rule.verdict === "ask" && rule.clicker === "admin" ? "ask an admin" : rule.verdict;
};

function suggestions(tools: readonly ToolFacts[], typed: string): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  const groups = [...GROUPS].map(([value, name]) => ({ name, value }));
  const named = tools
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map((tool) => ({
      name: `${tool.name} (default: ${defaultOf(tool)}): ${tool.label}`,
      value: tool.name,
    }));
  return [...groups, ...named]
    .filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted))
    .slice(0, MAX_SUGGESTED);
}

/** A thread obeys its channel: rules are set there. */
const rulePlace = (place: Conversation): Conversation =>
  place.parentId === null
    ? place
    : {
        ...place,
        kind: "channel",
        id: toConversationId(place.parentId),
        channelId: place.parentId,
        parentId: null,
      };
