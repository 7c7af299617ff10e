import { ApplicationCommandOptionType } from "discord-api-types/v10";
import type { BudgetLeft, BudgetsLeft } from "../../core/asker.ts";
import type { Setup } from "../../core/setup.ts";
import { entryRefusal, modeOf, type EntryRules } from "../gate.ts";
import { silenceWords } from "../menus/silence-words.ts";
import type { Modes } from "../modes.ts";
import type { OwnRights } from "../own-rights.ts";
import { snowflakeOf } from "../snowflake.ts";
import { refused, WORDS } from "../words.ts";
import { MEANING } from "./channel.ts";
import { defineCommand, type CommandContext } from "./define-command.ts";
import { linkFor, missingIn, placeLines, serverLines, type Missing } from "./doctor-rights.ts";
import type { ClaraInfo } from "./info.ts";
import { mayKnowBudget } from "./places.ts";
import type { Reply } from "./reply.ts";
import { tierHere, TIERS, type TierDeps } from "./tier-here.ts";

export interface DoctorDeps extends TierDeps {
  readonly own: OwnRights;
  readonly rules: EntryRules;
  readonly modes: Pick<Modes, "all">;
  readonly messageContent: boolean;
  readonly setup: Pick<Setup, "isDemo">;
  readonly info: () => ClaraInfo;
  readonly budgetsLeft: BudgetsLeft;
}

/** `/clara doctor`: what keeps Clara from answering here, in plain words, and what helps. */
export const doctor = (deps: DoctorDeps) =>
  defineCommand({
    name: "doctor",
    description: "What I may do here, what is missing, and how to put it right",
    isForRefused: true,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "where",
        description: "Left out: here",
        required: false,
        choices: [
          { name: "here", value: "here" },
          { name: "this server: all channels, for those who manage it", value: "server" },
        ],
      },
    ],
    run: async ({ where = "here" }, context) =>
      where === "server" ? server(deps, context) : here(deps, context),
  });

async function here(deps: DoctorDeps, context: CommandContext): Promise<Reply> {
  const { conversation } = context;
  const asker = askerLines(deps, context);
  // Whom the gate keeps out is told why, and nothing else; who keeps the place sees what there is to see.
  if (asker.isRefused && !context.isChannelManager && !context.isGuildAdmin && !context.isOperator)
    return { text: asker.lines.join("\n") };
  const rest = [
    ...asker.lines,
    ...(await modelLines(deps, context)),
    ...(await budgetLines(deps, context)),
  ];
  if (conversation.guildId === null)
    return { text: ["**How I am in private**", ...rest].join("\n") };

  const guildId = snowflakeOf(conversation.guildId);
  const place = deps.own.in(guildId, conversation.channelId);
  const lines = place
    ? placeLines(place)
    : ["❌ Discord has not told me of this place. Let me in, or start the thread anew."];
  const text = [
    `**How I am in <#${conversation.channelId}>**`,
    ...lines,
    contentLine(deps),
    modeLine(deps, context),
    ...rest,
    "-# Why one message got no answer: its menu, *Apps → Explain why*.",
  ].join("\n");
  return withLink(text, linkFor(deps.own, guildId, place ? missingIn(place) : []));
}

async function server(deps: DoctorDeps, context: CommandContext): Promise<Reply> {
  const { scope, conversation } = context;
  if (conversation.guildId === null) return { text: WORDS.serversOnly };
  if (!context.isGuildAdmin) return { text: WORDS.adminsOnly };
  const guildId = snowflakeOf(conversation.guildId);
  const { userId, roleIds } = scope.principal;
  const places = deps.own.everywhereIn(guildId);
  const reader = { userId: snowflakeOf(userId), roleIds, timedOut: false };
  const text = [
    "**How I am in this server**",
    ...serverLines(places, reader),
    contentLine(deps),
    ...askerLines(deps, context).lines,
    ...(await modelLines(deps, context)),
    ...(await budgetLines(deps, context)),
  ].join("\n");
  const missing: readonly Missing[] = places.flatMap(missingIn);
  return withLink(text, linkFor(deps.own, guildId, missing));
}

const withLink = (text: string, url: string | null): Reply =>
  url === null
    ? { text }
    : {
        text: `${text}\n-# The button is for those who may manage the server. It adds what is missing and nothing else.`,
        rows: [[{ kind: "link", label: "Give me what is missing", url }]],
      };

/** Whether the gate lets this very person in, and if not, what helps. */
function askerLines({ rules }: DoctorDeps, { scope, conversation }: CommandContext) {
  const { userId, roleIds } = scope.principal;
  const refusal = entryRefusal(rules, conversation, { userId: snowflakeOf(userId), roleIds });
  if (refusal === null)
    return {
      isRefused: false,
      lines: ["✅ You may talk to me here: server, channel and roles are allowed."],
    };
  return { isRefused: true, lines: [`❌ ${refused(refusal)}\n→ ${silenceWords(refusal).fix}`] };
}

const contentLine = ({ messageContent }: DoctorDeps): string =>
  messageContent
    ? "✅ Message Content: I read what is said where I may."
    : `⚠️ Message Content is off: Discord shows me only what mentions me or replies to me.\n→ ${silenceWords("content-hidden").fix}`;

function modeLine({ modes }: DoctorDeps, { conversation }: CommandContext): string {
  const mode = modeOf(modes.all(), conversation);
  const mark = mode === "off" ? "⚠️" : "✅";
  return `${mark} The channel is set to **${mode}**: ${MEANING[mode]} \`/clara channel\` changes it.`;
}

async function modelLines(deps: DoctorDeps, context: CommandContext): Promise<readonly string[]> {
  if (deps.setup.isDemo())
    return [
      "⚠️ No language model is set up: a demo answers, by a small script.\n→ Whoever runs me enters a key with `/clara setup`.",
    ];
  const { models } = deps.info();
  const { tier, isAuto } = await tierHere(deps, context);
  if (!isAuto) return [`✅ The model that answers: \`${models[tier]}\`.`];
  const [high, mid, low] = TIERS.map((each) => `\`${models[each]}\``);
  return [
    `✅ A small call chooses the model that answers each question: ${high}, ${mid} or ${low}.`,
  ];
}

/** Each sees his own; of a place's and the house's, whether they are used up, and those who keep them how far. */
async function budgetLines(
  { budgetsLeft }: DoctorDeps,
  context: CommandContext,
): Promise<readonly string[]> {
  const all = await budgetsLeft(context.scope, context.conversation.id);
  const lines = all.flatMap((left) => budgetLine(left, mayKnowBudget(left.limit, context)));
  return lines.length === 0 ? ["✅ No budget is used up."] : lines;
}

const HOLDERS: Readonly<Record<BudgetLeft["limit"]["holder"], string>> = {
  person: "Your budget",
  member: "Your budget in this server",
  channel: "The budget of this channel",
  guild: "The budget of this server",
  everyone: "The budget of everybody together",
  schedule: "The budget of a scheduled prompt",
};

function budgetLine({ limit, spent, resetsInMs }: BudgetLeft, isOpen: boolean): readonly string[] {
  const isUsedUp = spent >= limit.limit;
  if (!isOpen && !isUsedUp) return [];
  const hours = Math.max(1, Math.ceil(resetsInMs / 3_600_000));
  const name = HOLDERS[limit.holder];
  if (isUsedUp) return [`❌ ${name} for today is used up. It starts anew in about ${hours} h.`];
  const figures =
    limit.unit === "usd"
      ? `$${spent.toFixed(2)} of $${limit.limit.toFixed(2)}`
      : `${spent} of ${limit.limit} answers`;
  return [`✅ ${name} today: ${figures}.`];
}
