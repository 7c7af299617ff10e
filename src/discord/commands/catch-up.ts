import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import type { Acquaintances, Asker } from "../../core/asker.ts";
import type { Clock } from "../../core/clock.ts";
import type { Conversation } from "../../core/message.ts";
import { asideTrouble, DEMO } from "../menus/aside-words.ts";
import { digest, heading, sections, toPrompt, type Heard } from "../menus/catch-up-words.ts";
import { counted, moment } from "../menus/figures.ts";
import { mayReadHistory, whereOf } from "../menus/may-read.ts";
import { catchUpPrompt } from "../menus/prompts.ts";
import type { ReadLines } from "../menus/read-lines.ts";
import { snowflakeAt, snowflakeOf, type Snowflake } from "../snowflake.ts";
import type { VisibleChannels } from "../visible-channels.ts";
import { WORDS } from "../words.ts";
import { defineCommand, type CommandContext } from "./define-command.ts";

export interface CatchUpDeps {
  readonly asker: Asker;
  readonly acquaintances: Pick<Acquaintances, "lastSpokeAt">;
  readonly lines: Pick<ReadLines, "from">;
  readonly visible: VisibleChannels;
  /** False where Clara is not at work: nothing is told of such a place. */
  readonly isServed: (place: Conversation) => boolean;
  readonly selfId: () => Snowflake;
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;
const MAX_HOURS = 168;
/** When it is not known when somebody wrote last. */
const DEFAULT_HOURS = 24;
/** Channels that are read, those with the newest messages. */
const MAX_CHANNELS = 15;
const MAX_LINES_PER_CHANNEL = 100;

const input = z.object({ hours: z.coerce.number().int().min(1).max(MAX_HOURS).optional() });

const HOURS_OPTION = {
  type: ApplicationCommandOptionType.Integer as const,
  name: "hours",
  description: "How far back; left out: since you last wrote here",
  required: false,
  min_value: 1,
  max_value: MAX_HOURS,
};

/** `/catchup all`: what happened while somebody was away, in the channels that he can see. */
export const catchUpAll = (deps: CatchUpDeps) =>
  defineCommand({
    name: "all",
    description: "What happened while you were away, in the channels that you can see",
    options: [HOURS_OPTION],
    async run(given, context) {
      const { scope, conversation } = context;
      if (conversation.guildId === null) return WORDS.serversOnly;
      const since = await sinceWhen(deps, given, context);
      const after = snowflakeAt(since);
      const visible = deps.visible(scope.principal, conversation.channelId, after);
      return tell(deps, visible.filter(deps.isServed), since, context);
    },
  });

/** `/catchup here`: the same for this channel alone. */
export const catchUpHere = (deps: CatchUpDeps) =>
  defineCommand({
    name: "here",
    description: "What happened in this channel while you were away",
    options: [HOURS_OPTION],
    async run(given, context) {
      if (!mayReadHistory(context)) return "You may not read what was said here before.";
      const since = await sinceWhen(deps, given, context);
      return tell(deps, [context.conversation], since, context);
    },
  });

async function sinceWhen(
  { acquaintances, clock }: CatchUpDeps,
  given: Readonly<Record<string, string>>,
  { scope }: CommandContext,
): Promise<Date> {
  const now = clock.now().getTime();
  const { data } = input.safeParse(given);
  if (data?.hours !== undefined) return new Date(now - data.hours * HOUR_MS);
  const oldest = new Date(now - MAX_HOURS * HOUR_MS);
  const last = await acquaintances.lastSpokeAt(scope, oldest);
  return last ?? new Date(now - DEFAULT_HOURS * HOUR_MS);
}

async function tell(
  deps: CatchUpDeps,
  places: readonly Conversation[],
  since: Date,
  context: CommandContext,
): Promise<string> {
  const heard = await readAll(deps, places.slice(0, MAX_CHANNELS), since, context);
  const head = `**Since ${moment(since, "f")}** (${moment(since, "R")})`;
  if (heard.length === 0) return `${head}\nNothing new where you and I can both read.`;
  const left = places.length - Math.min(places.length, MAX_CHANNELS);
  const foot =
    left > 0
      ? [`-# ${counted(left, "more channel")} with something new; \`/catchup here\` tells of one.`]
      : [];
  return [head, ...(await bodyOf(deps, heard, context)), ...foot].join("\n");
}

/** One after the other, so that Discord's limits are kept. A place that is closed meanwhile is left out. */
async function readAll(
  { lines, selfId }: CatchUpDeps,
  places: readonly Conversation[],
  since: Date,
  { scope, signal }: CommandContext,
): Promise<readonly Heard[]> {
  const own = snowflakeOf(scope.principal.userId);
  const heard: Heard[] = [];
  for (const place of places) {
    const first = snowflakeAt(new Date(since.getTime() + 1));
    const read = await lines.from(whereOf(place), first, MAX_LINES_PER_CHANNEL, signal);
    if (read.kind === "closed") continue;
    const byOthers = read.lines.filter(({ authorId }) => authorId !== own && authorId !== selfId());
    if (byOthers.length === 0) continue;
    heard.push({ place, lines: read.lines, byOthers: byOthers.length, isWhole: read.isWhole });
  }
  return heard;
}

/** In a model's words, or, where there are none, as a list of counts and links: that much is always true. */
async function bodyOf(
  { asker, selfId }: CatchUpDeps,
  heard: readonly Heard[],
  { scope, conversation, locale, signal }: CommandContext,
): Promise<readonly string[]> {
  if (!asker.isAble) return [...heard.map(digest), DEMO];
  const { text, byNumber } = toPrompt(heard, asker.maxChars, selfId());
  const { displayName } = scope.principal;
  const aside = await asker.ask({
    scope,
    conversation,
    system: catchUpPrompt,
    text: `The person who asks: ${displayName} (language: ${locale})\n\n${text}`,
    tier: "low",
    purpose: "catch-up",
    signal,
  });
  if (aside.kind !== "words") return [...heard.map(digest), asideTrouble(aside)];
  const told = sections(aside.text, heard, byNumber);
  return heard.flatMap((each, index) => {
    const words = told.get(index + 1);
    return words === undefined ? [digest(each)] : [`${heading(each)}`, words];
  });
}
