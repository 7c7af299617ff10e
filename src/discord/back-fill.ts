import type { REST } from "discord.js";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Intake } from "./intake.ts";
import type { BackFillTask } from "./lanes.ts";
import type { Look, Seen } from "./look.ts";
import {
  isClosed,
  NO_ROLES,
  PAGE_SIZE,
  type PageQuery,
  readMember,
  readPage,
} from "./messages-of.ts";
import { say } from "./say.ts";
import { isAfter, type Snowflake } from "./snowflake.ts";
import type { WireMember, WireMessage } from "./wire.ts";
import { WORDS } from "./words.ts";

/** Questions of one channel that are answered after an absence, the newest ones. */
const MAX_ANSWERED = 50;
/** Pages of one channel that are read; what was said before them stays unread. */
const MAX_PAGES = 10;
/** Messages that are taken together. */
const MAX_BATCH = 50;

/**
 * Reads what was said in one place after `task.after`, and takes it through the same gate as live messages. Throws when
 * Discord or the store is away.
 */
export type BackFill = (
  channelId: Snowflake,
  task: BackFillTask,
  signal: AbortSignal,
) => Promise<void>;

export interface BackFillDeps {
  readonly look: Look;
  readonly intake: Pick<Intake, "take">;
  readonly rest: REST;
  readonly fault: Fault;
  readonly log: Log;
}

/** What was missed, oldest first; not whole when there was more than MAX_PAGES of it. */
interface Missed {
  readonly messages: readonly WireMessage[];
  readonly isWhole: boolean;
}

export function createBackFill(deps: BackFillDeps): BackFill {
  return async (channelId, { after, guildId }, signal) => {
    const missed = await readMissed(deps, channelId, guildId, after, signal);
    if (!missed) return deps.log.info({ channelId }, "back-fill-impossible");
    const seen: Seen[] = [];
    const members = new Map<Snowflake, WireMember | null>();
    for (const message of missed.messages) {
      const one = await seeMissed(deps, message, members, signal);
      if (one) seen.push(one);
    }

    const { taken, leftOut } = newestAnswered(seen);
    for (let start = 0; start < taken.length; start += MAX_BATCH) {
      await deps.intake.take(taken.slice(start, start + MAX_BATCH), signal);
      deps.fault("gateway.backfill.row.inserted");
    }
    deps.fault("gateway.backfill.watermark.saved");
    const isTalkedTo = taken.some(({ decision }) => decision.kind === "answer");
    if (leftOut > 0 || (!missed.isWhole && isTalkedTo))
      await tellOfCap(deps, channelId, after, signal);
    const { isWhole, messages } = missed;
    deps.log.info({ channelId, messages: messages.length, leftOut, isWhole }, "back-filled");
  };
}

/** null when the place is gone, or closed to us: nothing there can be answered. */
async function readMissed(
  { rest, fault }: BackFillDeps,
  channelId: Snowflake,
  guildId: Snowflake | null,
  after: Snowflake,
  signal: AbortSignal,
): Promise<Missed | null> {
  const read = async (from: Omit<PageQuery, "limit">) => {
    const page = await readPage(rest, channelId, guildId, { limit: PAGE_SIZE, ...from }, signal);
    fault("gateway.backfill.page.read");
    return page;
  };
  try {
    const next = await read({ after });
    if (!next.isFull) return { messages: next.messages.toReversed(), isWhole: true };
    // A lot: from the newest down, since it is those that are answered.
    const messages: WireMessage[] = [];
    let isWhole = false;
    for (let count = 0; count < MAX_PAGES && !isWhole; count++) {
      const oldest = messages.at(-1);
      const page = await read(oldest ? { before: oldest.id } : {});
      const missed = page.messages.filter(({ id }) => isAfter(id, after));
      messages.push(...missed);
      isWhole = !page.isFull || missed.length < page.messages.length || missed.length === 0;
    }
    return { messages: messages.toReversed(), isWhole };
  } catch (error) {
    if (isClosed(error)) return null;
    throw error;
  }
}

/** Read by REST, a message does not tell the roles of its author; they are asked for when they decide something. */
async function seeMissed(
  { look, rest }: BackFillDeps,
  message: WireMessage,
  members: Map<Snowflake, WireMember | null>,
  signal: AbortSignal,
): Promise<Seen | null> {
  const seen = look({ ...message, member: NO_ROLES });
  const guildId = message.guild_id ?? null;
  if (!seen || guildId === null || !dependsOnRoles(seen)) return seen;
  const { id } = message.author;
  if (!members.has(id)) members.set(id, await readMember(rest, guildId, id, signal));
  return look({ ...message, member: members.get(id) ?? null });
}

const dependsOnRoles = ({ decision }: Seen): boolean =>
  decision.kind === "ignore" ? decision.reason === "role-missing" : decision.kind !== "hear";

/** All of them; of those that want an answer, only the newest get one. A stop phrase stops nothing now. */
function newestAnswered(seen: readonly Seen[]): {
  readonly taken: readonly Seen[];
  readonly leftOut: number;
} {
  const questions = seen.filter(({ decision }) => decision.kind === "answer");
  const leftOut = new Set(questions.slice(0, -MAX_ANSWERED));
  const taken = seen.map((one): Seen => {
    if (leftOut.has(one)) return { ...one, decision: { kind: "hear", reason: "missed-too-many" } };
    if (one.decision.kind !== "stop") return one;
    return { ...one, decision: { kind: "hear", reason: "stop-phrase" } };
  });
  return { taken, leftOut: leftOut.size };
}

/** Said once however often the same absence is read, and only where somebody talked to her. */
async function tellOfCap(
  { rest, log }: BackFillDeps,
  channelId: Snowflake,
  after: Snowflake,
  signal: AbortSignal,
): Promise<void> {
  log.warn({ channelId }, "back-fill-capped");
  const once = { nonce: `cap:${after}`, replyTo: null };
  await say(rest, channelId, WORDS.missedTooMany, once, signal).catch(() => {}); // It is only a courtesy.
}
