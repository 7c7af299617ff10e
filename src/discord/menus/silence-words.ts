import type { Silence } from "../refusals.ts";

/** What came in the way, and what to do about it. */
export interface SilenceWords {
  readonly why: string;
  readonly fix: string;
  /** True when another mode of the channel would have helped. */
  readonly isMode?: boolean;
}

/** By the gate's reasons; a reason of an older version is told as it is. */
const SILENCE: Readonly<Record<Silence, SilenceWords>> = {
  "not-addressed": {
    why: "It did not call me, and this channel is set to **mention**.",
    fix: "Mention me or reply to me, or let who manages the channel run `/clara channel mode:active`.",
    isMode: true,
  },
  "channel-off": {
    why: "This channel is set to **off**.",
    fix: "Who manages the channel can run `/clara channel mode:mention`.",
    isMode: true,
  },
  "content-hidden": {
    why: "Discord hid the words from me: I run without the Message Content intent.",
    fix: "Mention me or reply to me. Whoever runs me can switch the intent on in Discord's developer portal and set `DISCORD_MESSAGE_CONTENT=on`.",
  },
  empty: {
    why: "There was nothing in it that I can read.",
    fix: "Write what you want to know, or attach a file.",
  },
  "server-not-allowed": {
    why: "Whoever runs me does not let me answer in this server.",
    fix: "Ask them to add the server to `DISCORD_ALLOWED_SERVERS`.",
  },
  "channel-not-allowed": {
    why: "Whoever runs me does not let me answer in this channel.",
    fix: "Ask them to add the channel to `DISCORD_ALLOWED_CHANNELS`, or write in one that is on it.",
  },
  blocked: {
    why: "Whoever runs me has decided that I do not answer this person.",
    fix: "Ask the operator; the list is `DISCORD_BLOCKED_USERS`.",
  },
  "role-missing": {
    why: "The author held none of the roles that may talk to me.",
    fix: "Ask whoever runs this server for one of them (`DISCORD_ALLOWED_ROLES`).",
  },
  "not-a-member": {
    why: "Discord did not say that the author belongs to this server (any more).",
    fix: "Join again and write anew.",
  },
  bot: { why: "Another bot wrote it, and I do not answer bots.", fix: "A person has to ask." },
  webhook: {
    why: "A webhook wrote it: anybody can give one any name, so I do not answer them.",
    fix: "A person has to ask.",
  },
  "missed-too-many": {
    why: "It was said while I was away, with so much else that I answered the newest questions only.",
    fix: "Please ask again.",
  },
  "too-many-open": {
    why: "Its author had so many open questions with me that I did not take this one.",
    fix: "Please ask again. Whoever runs me sets the number by `DISCORD_MAX_OPEN`.",
  },
  "stop-phrase": {
    why: "It told me to stop, and I read it when there was nothing to stop any more.",
    fix: "Nothing is to be done.",
  },
  "own-message": { why: "It is my own.", fix: "Nothing is to be done." },
  "no-speech": { why: "It is a notice of Discord's.", fix: "Nothing is to be done." },
};

const isSilence = (reason: string): reason is Silence => Object.hasOwn(SILENCE, reason);

export const silenceWords = (reason: string): SilenceWords =>
  isSilence(reason)
    ? SILENCE[reason]
    : { why: `For a reason of an earlier version of mine: ${reason}.`, fix: "Please ask again." };
