import { ChannelType } from "discord-api-types/v10";
import type { ChannelPosts, Posted } from "../core/channel-posts.ts";
import type { Clock } from "../core/clock.ts";
import type { GuildId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import { toConversation } from "./conversation.ts";
import { snowflakeOf, type Snowflake } from "./snowflake.ts";

/** Lines that one server is told within an hour; further ones are counted. */
const MAX_AN_HOUR = 60;
const HOUR_MS = 3_600_000;
/** Lines that wait for Discord, of all servers together. */
const MAX_WAITING = 200;
/** Servers whose hour is kept in mind. */
const MAX_GUILDS = 1_000;
const MAX_CHARS = 1_800;
/** For one line, from looking up its channel to Discord's answer. */
const SAY_MS = 10_000;
/** Servers that are told something at the same time. */
const MAX_AT_ONCE = 8;

/**
 * What the admins of a server should know, in the channel that they chose for it: ids, settings and figures, and never
 * what somebody said. Nothing waits for it, and a server that chose no channel is told nothing.
 */
export interface GuildLog {
  readonly tell: (guild: GuildId | null, line: string) => void;
  /** The same line once an hour, however often it happens. */
  readonly tellOnce: (guild: GuildId | null, line: string) => void;
  /** Says a line there and tells what came of it, whichever channel was chosen before. */
  readonly try: (
    guild: GuildId,
    channelId: Snowflake,
    line: string,
    signal: AbortSignal,
  ) => Promise<Posted>;
}

interface Deps {
  readonly posts: Pick<ChannelPosts, "post">;
  readonly logChannelOf: (guild: GuildId) => Promise<string | null>;
  readonly clock: Clock;
  /** At most 22 characters, never the same twice. */
  readonly createKey: () => string;
  readonly log: Log;
}

interface Hour {
  readonly sinceMs: number;
  lines: number;
  readonly once: Set<string>;
}

export function createGuildLog(deps: Deps, { sayMs = SAY_MS } = {}): GuildLog {
  const { logChannelOf, clock, log } = deps;
  const hours = new Map<GuildId, Hour>();
  /** What each server has yet to be told; a server stands here as long as one of its lines is under way. */
  const lines = new Map<GuildId, string[]>();
  /** Servers whose next line may be said, in order of their turns. */
  const ready: GuildId[] = [];
  let waiting = 0;
  let atOnce = 0;

  function hourOf(guild: GuildId): Hour {
    const known = hours.get(guild);
    if (known && clock.elapsedMs() - known.sinceMs < HOUR_MS) return known;
    const hour = { sinceMs: clock.elapsedMs(), lines: 0, once: new Set<string>() };
    hours.delete(guild);
    hours.set(guild, hour);
    if (hours.size > MAX_GUILDS) hours.delete(hours.keys().next().value ?? guild);
    return hour;
  }

  /** In order within a server, and never behind what another one waits for. False where there is no room. */
  function add(guild: GuildId, line: string): boolean {
    if (waiting >= MAX_WAITING) {
      log.warn({ guildId: guild }, "guild-log-full");
      return false;
    }
    waiting++;
    const known = lines.get(guild);
    if (known) known.push(line);
    else {
      lines.set(guild, [line]);
      ready.push(guild);
    }
    sayNext();
    return true;
  }

  function sayNext(): void {
    while (atOnce < MAX_AT_ONCE) {
      const guild = ready.shift();
      if (guild === undefined) return;
      const line = lines.get(guild)?.shift() ?? "";
      atOnce++;
      void say(guild, line).finally(() => {
        atOnce--;
        waiting--;
        if (lines.get(guild)?.length === 0) lines.delete(guild);
        else ready.push(guild);
        sayNext();
      });
    }
  }

  /** Never rejects. */
  async function say(guild: GuildId, line: string): Promise<void> {
    const signal = AbortSignal.timeout(sayMs);
    try {
      const channelId = await within(signal, logChannelOf(guild));
      if (channelId === null) return;
      const posted = await post(deps, guild, channelId, line, signal);
      if (posted.kind === "refused")
        log.warn({ guildId: guild, reason: posted.reason }, "guild-log-refused");
    } catch (error) {
      log.warn({ guildId: guild, error: asError(error) }, "guild-log-failed");
    }
  }

  function tell(guild: GuildId | null, line: string, isOnce: boolean): void {
    if (guild === null) return;
    const hour = hourOf(guild);
    if (isOnce && hour.once.has(line)) return;
    if (hour.lines > MAX_AN_HOUR) return;
    if (!add(guild, hour.lines === MAX_AN_HOUR ? TOO_MUCH : line)) return;
    if (isOnce) hour.once.add(line);
    hour.lines++;
  }

  return {
    tell: (guild, line) => tell(guild, line, false),
    tellOnce: (guild, line) => tell(guild, line, true),
    try: (guild, channelId, line, signal) => post(deps, guild, channelId, line, signal),
  };
}

/** Rejects when the signal fires first. */
const within = <Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> =>
  Promise.race([
    work,
    untilAborted(signal).then((): never => {
      throw asError(signal.reason);
    }),
  ]);

const TOO_MUCH = "-# More happened than I tell within an hour; I go on in the next one.";

function post(
  { posts, createKey }: Deps,
  guild: GuildId,
  channelId: Snowflake,
  line: string,
  signal: AbortSignal,
): Promise<Posted> {
  const channel = {
    id: channelId,
    type: ChannelType.GuildText,
    guildId: snowflakeOf(guild),
    parentId: null,
    name: "",
  };
  return posts.post(toConversation(channel, ""), createKey(), line.slice(0, MAX_CHARS), signal);
}
