import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import { ChannelType, PermissionFlagsBits as Bit, Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { GuildAccess, GuildPlace } from "../core/guild-access.ts";
import {
  rightsByRest,
  wireChannel,
  wireGuild,
  type WireChannel,
  type WireGuild,
} from "./channel-rights.ts";
import { isThread, toConversation } from "./conversation.ts";
import { entryRefusal, type EntryRules } from "./gate.ts";
import { ask } from "./outlet-request.ts";
import {
  mayRead,
  permissionsIn,
  sendingIn,
  type ChannelRights,
  type Holder,
} from "./permissions.ts";
import { snowflakeOf, type Snowflake } from "./snowflake.ts";

/** Of private threads one has to ask who is in; further ones are not shown. */
const MAX_PRIVATE_THREADS = 20;

interface Deps {
  readonly rest: REST;
  readonly whoAmI: (signal: AbortSignal) => Promise<Snowflake>;
  readonly clock: Clock;
  readonly rules: EntryRules;
}

const channels = z.array(wireChannel);
const threads = z.object({ threads: z.array(wireChannel) });
const member = z.object({
  roles: z.array(z.string()),
  communication_disabled_until: z.string().nullish(),
});

const TALKED_IN: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]);

/** By REST alone, so that a process without a gateway knows it, too. */
export function createGuildAccess({ rest, whoAmI, clock, rules }: Deps): GuildAccess {
  async function get(fullRoute: `/${string}`, signal: AbortSignal): Promise<unknown> {
    const answer = await ask(rest, { method: RequestMethod.Get, fullRoute }, signal);
    return answer.kind === "done" ? answer.body : null;
  }

  async function holder(
    guildId: Snowflake,
    userId: Snowflake,
    signal: AbortSignal,
  ): Promise<Holder | null> {
    const found = await get(Routes.guildMember(guildId, userId), signal);
    if (found === null) return null;
    const { roles, communication_disabled_until: until } = member.parse(found);
    const timedOut = until != null && new Date(until) > clock.now();
    return { userId, roleIds: roles, timedOut };
  }

  async function isIn(
    thread: WireChannel,
    userId: Snowflake,
    signal: AbortSignal,
  ): Promise<boolean> {
    return (await get(Routes.threadMembers(thread.id, userId), signal)) !== null;
  }

  return {
    async standing({ userId, guildId }, signal) {
      if (guildId === null) return null;
      const [id, person] = [snowflakeOf(guildId), snowflakeOf(userId)];
      const [found, listed, open, asker, own] = await Promise.all([
        get(Routes.guild(id), signal),
        get(Routes.guildChannels(id), signal),
        get(Routes.guildActiveThreads(id), signal),
        holder(id, person, signal),
        whoAmI(signal).then((self) => holder(id, self, signal)),
      ]);
      if (found === null || listed === null || !asker || !own) return null;
      const parents = channels.parse(listed);
      const all = [...parents, ...(open === null ? [] : threads.parse(open).threads)];
      const known = new Map(parents.map((each) => [each.id, each]));
      const facts = { guildId: id, guild: wireGuild.parse(found), asker, self: own, rules };
      const places: GuildPlace[] = [];
      let asked = 0;
      for (const each of all) {
        const ruling = isThread(each.type) ? known.get(each.parent_id ?? "") : each;
        if (!ruling || !TALKED_IN.has(each.type)) continue;
        const { place, isKeeper } = toPlace(facts, each, ruling);
        if (!place) continue;
        const isHidden = each.type === ChannelType.PrivateThread && !isKeeper;
        if (isHidden && (++asked > MAX_PRIVATE_THREADS || !(await isIn(each, person, signal))))
          continue;
        places.push(place);
      }
      return { roleIds: asker.roleIds, places };
    },
  };
}

interface Facts {
  readonly guildId: Snowflake;
  readonly guild: WireGuild;
  readonly asker: Holder;
  readonly self: Holder;
  readonly rules: EntryRules;
}

/** `isKeeper`: the asker sees all threads here. */
function toPlace(
  { guildId, guild: facts, asker, self, rules }: Facts,
  given: WireChannel,
  ruling: WireChannel,
) {
  const rights = rightsByRest(guildId, facts, ruling);
  const his = permissionsIn(rights, asker);
  const both = his & permissionsIn(rights, self);
  if (!(his & Bit.ViewChannel)) return { place: null, isKeeper: false };
  const send = sendingIn(given.type);
  const name = given.name ?? "";
  const facets = {
    id: given.id,
    type: given.type,
    guildId,
    parentId: given.parent_id ?? null,
    name,
  };
  const conversation = toConversation(facets, asker.userId);
  const isServed = entryRefusal(rules, conversation, asker) === null;
  const may = (...needed: readonly bigint[]) =>
    isServed && needed.every((bit) => (both & bit) !== 0n);
  const place: GuildPlace = {
    conversation,
    name,
    mayRead: may(Bit.ViewChannel, Bit.ReadMessageHistory),
    maySend: may(Bit.ViewChannel, send),
    isForAll: isForAll(rights) && given.type !== ChannelType.PrivateThread,
    permissions: his,
    mayPoll: may(Bit.ViewChannel, send, Bit.SendPolls),
  };
  return { place, isKeeper: (his & Bit.ManageThreads) !== 0n };
}

/** True where somebody without a role, for whom the channel says nothing, may read. */
function isForAll(rights: ChannelRights): boolean {
  const nobody = { userId: "", roleIds: [], timedOut: false };
  return mayRead(permissionsIn(rights, nobody));
}
