import { REST } from "discord.js";
import { systemClock } from "../src/core/clock.ts";
import type { Fault } from "../src/core/fault.ts";
import { noFault } from "../src/core/fault.ts";
import { conversationId, messageId, turnIdOf } from "../src/core/ids.ts";
import type { Log } from "../src/core/log.ts";
import { silentLog } from "../src/core/log.ts";
import type { Conversation } from "../src/core/message.ts";
import type { OutgoingPart, Outlet } from "../src/core/outlet.ts";
import { createDiscordOutlet } from "../src/discord/outlet.ts";
import { restOptions } from "../src/discord/rest.ts";
import { createTyping } from "../src/discord/typing.ts";
import type { FakeDiscord, Message, Place } from "./fake-discord/index.ts";

interface Given {
  readonly fault?: Fault;
  readonly log?: Log;
  readonly timeoutMs?: number;
  /** Discord's own 50 unless told. */
  readonly requestsPerSecond?: number;
}

/** The real outlet on discord.js's own REST, towards a Discord of our own. */
export function outletOn(discord: FakeDiscord, given: Given = {}): Outlet {
  const { fault = noFault, log = silentLog, timeoutMs = 5_000, requestsPerSecond = 50 } = given;
  const clock = systemClock;
  const deps = { clock, log, onUnauthorised: () => {} };
  const options = restOptions(deps, { apiBase: discord.apiBase, timeoutMs });
  const rest = new REST({ ...options, globalRequestsPerSecond: requestsPerSecond });
  rest.setToken(discord.token);
  const typing = createTyping({ rest, clock });
  const selfId = () => discord.bot.id;
  return createDiscordOutlet({ rest, typing, selfId, answerButtons: true, fault, log });
}

export const conversationIn = ({ id: channelId }: Place): Conversation => {
  const id = conversationId(`discord:channel:${channelId}`);
  return {
    id,
    platform: "discord",
    kind: "channel",
    guildId: null,
    channelId,
    parentId: null,
    title: "#general",
    audience: { kind: "channel", conversationId: id, guildId: null },
  };
};

/** Part 0 of the answer to a question, with its final words. */
export function partFor(question: Message, change: Partial<OutgoingPart> = {}): OutgoingPart {
  const replyTo = messageId(`discord:${question.id}`);
  return {
    turnId: turnIdOf(replyTo),
    part: 0,
    nonce: `n${question.id}`,
    content: "An answer.",
    file: null,
    replyTo,
    follows: null,
    running: false,
    ...change,
  };
}
