import { discordId, discordIds, flag, httpUrl, list, wholeNumber } from "../parsers.ts";
import { optional, secret, withDefault } from "../variable.ts";

export const discordVariables = {
  DISCORD_BOT_TOKEN: secret("From https://discord.com/developers/applications, page Bot"),
  DISCORD_CLIENT_ID: optional(
    "The application's id; the doctor checks that the token belongs to it",
    discordId,
  ),
  DISCORD_MESSAGE_CONTENT: withDefault(
    "on",
    "off: without the Message Content intent, she answers mentions, replies and DMs only",
    flag,
  ),
  DISCORD_ALLOWED_SERVERS: optional(
    "Ids of the servers she answers in, with commas. With them, DISCORD_ALLOWED_CHANNELS says nothing",
    discordIds,
  ),
  DISCORD_ALLOWED_CHANNELS: optional("Ids of the channels she answers in, with commas", discordIds),
  DISCORD_ALLOWED_ROLES: optional(
    "Ids of roles, with commas; in servers she answers only people who hold one",
    discordIds,
  ),
  DISCORD_BLOCKED_USERS: optional(
    "Ids of people, with commas, whom she never answers: not in servers, not in private",
    discordIds,
  ),
  CLARA_ADMIN_ROLE: optional(
    "The id of a role that may set channel modes, beside people who may manage channels",
    discordId,
  ),
  DISCORD_STOP_PHRASES: withDefault(
    "clara stop,stop clara,nevermind,never mind",
    "Messages that stop the answer under way, with commas",
    list,
  ),
  DISCORD_MAX_OPEN: withDefault(
    "100",
    "Questions of one person that may wait for an answer at the same time; more are not taken, and the person is told",
    wholeNumber(1, 100_000),
  ),
  DISCORD_ANSWER_BUTTONS: withDefault(
    "on",
    "off: no buttons (Retry, Shorter, Deeper, Continue) below finished answers",
    flag,
  ),
  DISCORD_CHANNEL_HISTORY_LIMIT: withDefault(
    "50",
    "Messages of a channel that she reads word by word",
    wholeNumber(1, 500),
  ),
  DISCORD_MAX_MESSAGES: withDefault(
    "25",
    "Messages of a DM that she reads word by word, and the length of a chain of replies",
    wholeNumber(1, 500),
  ),
  DISCORD_MAX_CHARS: withDefault(
    "100000",
    "Characters of a conversation that she reads word by word",
    wholeNumber(1_000, 2_000_000),
  ),
  DISCORD_SUMMARY_AGE_MINUTES: withDefault(
    "30",
    "Messages older than this go into the conversation's summary",
    wholeNumber(1, 10_080),
  ),
  DISCORD_LOG_CHANNEL_ID: optional(
    "The id of a channel where warnings and errors are told, too: ids and codes, nobody's words",
    discordId,
  ),
  DISCORD_API_BASE: optional(
    "Another address for Discord's REST interface, for a proxy or a test",
    httpUrl,
  ),
};
