import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import type {
  APIActionRowComponent,
  APIComponentInMessageActionRow,
  APIEmbed,
} from "discord-api-types/v10";
import { ButtonStyle, ChannelType, ComponentType, Routes } from "discord-api-types/v10";
import { z } from "zod";
import type {
  Announced,
  Announcement,
  AnnouncementButton,
  AnnouncementCard,
  Announcer,
} from "../core/announcer.ts";
import type { Clock } from "../core/clock.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import type { Conversation } from "../core/message.ts";
import { toConversation } from "./conversation.ts";
import { ask } from "./outlet-request.ts";
import { snowflakeAt, snowflakeOf, type Snowflake } from "./snowflake.ts";

/** Buttons that lead somewhere without a store behind them. */
const PREFIX = "rm:";
/** Discord remembers a nonce for "a few minutes". */
const NONCE_TRUSTED_MS = 60_000;
/** Clocks differ. */
const LOOK_BACK_MS = 120_000;
const PAGE = 100;
const MAX_PAGES = 10;

interface Deps {
  readonly rest: REST;
  readonly whoAmI: (signal: AbortSignal) => Promise<Snowflake>;
  readonly access: GuildAccess;
  readonly clock: Clock;
}

/** What a button of an announcement leads to; null for other buttons. */
export const leadsTo = (customId: string): string | null =>
  customId.startsWith(PREFIX) ? customId.slice(PREFIX.length) : null;

export const toRows = (
  rows: readonly (readonly AnnouncementButton[])[],
): APIActionRowComponent<APIComponentInMessageActionRow>[] =>
  rows.map((buttons) => ({
    type: ComponentType.ActionRow,
    components: buttons.map(({ label, emoji, leadsTo: target }) => ({
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label,
      custom_id: `${PREFIX}${target}`,
      ...(emoji === undefined ? {} : { emoji: { name: emoji } }),
    })),
  }));

const created = z.object({ id: z.string() });

/** Says things in channels and DMs, once each: by the nonce at first, later by looking for the buttons. */
export function createDiscordAnnouncer(deps: Deps): Announcer {
  const { rest, access } = deps;

  async function openDm(owner: Announcement["owner"], signal: AbortSignal) {
    const recipient = snowflakeOf(owner);
    const body = { recipient_id: recipient };
    const request = { method: RequestMethod.Post, fullRoute: Routes.userChannels(), body };
    const answer = await ask(rest, request, signal);
    if (answer.kind === "refused") return null;
    const { id } = created.parse(answer.body);
    const facts = { id, type: ChannelType.DM, guildId: null, parentId: null, name: "DM" };
    return toConversation(facts, recipient);
  }

  /** null when the owner may not read there (any more). */
  async function here(
    { place, owner, isOnlyWhereHeWrites = false }: Announcement,
    signal: AbortSignal,
  ): Promise<Conversation | null> {
    if (place.guildId === null) return place;
    const standing = await access.standing({ userId: owner, guildId: place.guildId }, signal);
    const found = standing?.places.find(({ conversation }) => conversation.id === place.id);
    if (!found) return null;
    return isOnlyWhereHeWrites && !found.maySend ? null : place;
  }

  async function say(
    announcement: Announcement,
    place: Conversation,
    signal: AbortSignal,
  ): Promise<Announced> {
    const known = await find(deps, announcement, place, signal);
    if (known !== null) return { kind: "said", place, messageId: known };
    const fullRoute = Routes.channelMessages(place.channelId);
    const body = toBody(announcement, place);
    const answer = await ask(rest, { method: RequestMethod.Post, fullRoute, body }, signal);
    if (answer.kind === "refused")
      return { kind: "undeliverable", reason: `discord-${answer.code}` };
    return { kind: "said", place, messageId: created.parse(answer.body).id };
  }

  return {
    async announce(announcement, signal) {
      if (announcement.to === "here") {
        const place = await here(announcement, signal);
        const said = place && (await say(announcement, place, signal));
        if (said && (said.kind === "said" || place.guildId === null)) return said;
      }
      const dm = await openDm(announcement.owner, signal);
      return dm
        ? say(announcement, dm, signal)
        : { kind: "undeliverable", reason: "discord-no-dm" };
    },
  };
}

function toBody({ key, owner, text, rows, card, pings = true }: Announcement, place: Conversation) {
  const id = snowflakeOf(owner);
  // In a DM a ping says nothing that the DM does not.
  const isPinged = pings && place.kind !== "dm";
  return {
    content: isPinged ? `<@${id}> ${text}` : text,
    nonce: key,
    enforce_nonce: true,
    allowed_mentions: isPinged ? { parse: [], users: [id] } : { parse: [] },
    components: toRows(rows),
    ...(card === undefined ? {} : { embeds: [toEmbed(card)] }),
  };
}

const toEmbed = ({ title, text, color, fields, footer, at }: AnnouncementCard): APIEmbed => ({
  title: title.slice(0, 256),
  description: text.slice(0, 4_096),
  color,
  fields: fields.map(({ name, value }) => ({
    name: name.slice(0, 256),
    value: value.slice(0, 1_024),
    inline: true,
  })),
  footer: { text: footer.slice(0, 2_048) },
  ...(at === null ? {} : { timestamp: at.toISOString() }),
});

const messages = z.array(
  z.object({
    id: z.string(),
    author: z.object({ id: z.string() }),
    components: z.array(z.unknown()).nullish(),
  }),
);

/** The message that an earlier attempt made; null when there is none, or when the nonce will give it. */
async function find(
  { rest, whoAmI, clock }: Deps,
  { ageMs, rows }: Announcement,
  { channelId }: Conversation,
  signal: AbortSignal,
): Promise<Snowflake | null> {
  const mark = rows[0]?.[0]?.leadsTo;
  if (ageMs < NONCE_TRUSTED_MS || mark === undefined) return null;
  const button = `"${PREFIX}${mark}"`;
  const self = await whoAmI(signal);
  let after = snowflakeAt(new Date(clock.now().getTime() - ageMs - LOOK_BACK_MS));
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({ after, limit: String(PAGE) });
    const fullRoute = Routes.channelMessages(channelId);
    const answer = await ask(rest, { method: RequestMethod.Get, fullRoute, query }, signal);
    if (answer.kind === "refused") return null;
    const found = messages.parse(answer.body);
    const ours = found.find(
      ({ author, components }) =>
        author.id === self && JSON.stringify(components ?? []).includes(button),
    );
    if (ours) return ours.id;
    if (found.length < PAGE) return null;
    after = found.reduce((newest, { id }) => (BigInt(id) > BigInt(newest) ? id : newest), after);
  }
  return null;
}
