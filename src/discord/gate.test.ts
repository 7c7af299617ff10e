import { expect, test } from "vitest";
import {
  arrivalOf,
  ben,
  calling,
  channelId,
  clara,
  dmOf,
  guildId,
  messageOf,
  placeOf,
  replying,
} from "../../test/discord-messages.ts";
import type { ChannelMode } from "../core/stores.ts";
import { decide, entryRefusal, type GateRules, isServed, modeOf } from "./gate.ts";

const rules: GateRules = {
  allowedServers: new Set(),
  allowedChannels: new Set(),
  allowedRoles: new Set(),
  stopPhrases: ["clara stop", "never mind"],
  messageContent: true,
};
const decideOn = (arrival: ReturnType<typeof arrivalOf>, mode: ChannelMode = "mention") =>
  decide(rules, mode, arrival);
const answer = (trigger: string) => ({ kind: "answer", trigger });
const hear = (reason: string) => ({ kind: "hear", reason });
const ignore = (reason: string) => ({ kind: "ignore", reason });
const dm = placeOf({ isDm: true });

test.each([
  ["a DM", dmOf(), dm, answer("dm")],
  ["a mention", calling("hi"), placeOf(), answer("mention")],
  [
    "a mention with a nickname's sign",
    calling("", { content: "<@!1100> hi" }),
    placeOf(),
    answer("mention"),
  ],
  ["a reply to her, with or without a ping", replying("yes"), placeOf(), answer("reply")],
  [
    "a mention of the role that Discord made for her",
    messageOf({ content: "<@&7001> hi", mention_roles: ["7001"] }),
    placeOf(),
    answer("mention"),
  ],
  ["chatter", messageOf(), placeOf(), hear("not-addressed")],
  [
    "@everyone",
    messageOf({ content: "@everyone hi", mention_everyone: true }),
    placeOf(),
    hear("not-addressed"),
  ],
  [
    "a mention of another role",
    messageOf({ content: "<@&7002> hi", mention_roles: ["7002"] }),
    placeOf(),
    hear("not-addressed"),
  ],
  [
    "a mention in inline code",
    calling("", { content: "`<@1100>` hi" }),
    placeOf(),
    hear("not-addressed"),
  ],
  [
    "a mention in a fence",
    calling("", { content: "```\n<@1100> hi\n```" }),
    placeOf(),
    hear("not-addressed"),
  ],
  [
    "an id that Discord did not take for a mention",
    messageOf({ content: "\\<@1100> hi" }),
    placeOf(),
    hear("not-addressed"),
  ],
  [
    "a reply to somebody else",
    replying("yes", { referenced_message: { author: ben } }),
    placeOf(),
    hear("not-addressed"),
  ],
  [
    "a reply to a message that is gone",
    replying("yes", { referenced_message: null }),
    placeOf(),
    hear("not-addressed"),
  ],
  [
    "a forward of her words",
    replying("", {
      type: 0,
      message_reference: { type: 1, message_id: "1438" },
      message_snapshots: [{ message: { content: "what she said" } }],
    }),
    placeOf(),
    hear("not-addressed"),
  ],
  [
    "her own words",
    messageOf({ author: { id: clara.userId, username: "Clara", bot: true } }),
    placeOf(),
    ignore("own-message"),
  ],
  [
    "another bot that calls her",
    calling("hi", { author: { id: "3", username: "bot", bot: true } }),
    placeOf(),
    hear("bot"),
  ],
  [
    "a webhook with the operator's name that calls her",
    calling("hi", { webhook_id: "44", author: { id: "44", username: "ana" }, member: undefined }),
    placeOf(),
    hear("webhook"),
  ],
  ["a join", messageOf({ type: 7, content: "" }), placeOf(), ignore("no-speech")],
  [
    "the starter that a thread repeats",
    messageOf({ type: 21, content: "" }),
    placeOf(),
    ignore("no-speech"),
  ],
  ["nothing at all", messageOf({ content: "" }), placeOf(), ignore("empty")],
  ["somebody who left", calling("hi", { member: undefined }), placeOf(), ignore("not-a-member")],
])("the gate on %s", (_, message, place, decision) => {
  expect(decideOn(arrivalOf(message, place))).toEqual(decision);
});

test("in an active channel everything that people say is answered, and bots still are not", () => {
  const bot = messageOf({ author: { id: "3", username: "bot", bot: true } });

  expect(decideOn(arrivalOf(messageOf()), "active")).toEqual(answer("active"));
  expect(decideOn(arrivalOf(calling("hi")), "active")).toEqual(answer("mention"));
  expect(decideOn(arrivalOf(bot), "active")).toEqual(hear("bot"));
});

test("in a channel that is off nothing is heard, while DMs know no modes", () => {
  expect(decideOn(arrivalOf(calling("hi")), "off")).toEqual(ignore("channel-off"));
  expect(decideOn(arrivalOf(dmOf(), dm), "off")).toEqual(answer("dm"));
});

test.each([
  ["in a DM, always", dmOf({ content: "Never  mind" }), dm, "mention", { kind: "stop" }],
  ["after a mention", calling("CLARA STOP"), placeOf(), "mention", { kind: "stop" }],
  [
    "after a mention with a comma",
    calling("", { content: "<@1100>, clara stop" }),
    placeOf(),
    "mention",
    { kind: "stop" },
  ],
  ["in a reply", replying("never mind"), placeOf(), "mention", { kind: "stop" }],
  [
    "in an active channel",
    messageOf({ content: "never mind" }),
    placeOf(),
    "active",
    { kind: "stop" },
  ],
  [
    "not among people",
    messageOf({ content: "never mind" }),
    placeOf(),
    "mention",
    hear("not-addressed"),
  ],
  ["not within a sentence", dmOf({ content: "never mind the rain" }), dm, "mention", answer("dm")],
] as const)("a stop phrase counts %s", (_, message, place, mode, decision) => {
  expect(decideOn(arrivalOf(message, place), mode)).toEqual(decision);
});

test("allowed servers let all their channels in, and then the list of channels says nothing", () => {
  const lists = { ...rules, allowedServers: new Set([guildId]), allowedChannels: new Set(["1"]) };
  const elsewhere = {
    ...rules,
    allowedServers: new Set(["1"]),
    allowedChannels: new Set([channelId]),
  };

  expect(decide(lists, "mention", arrivalOf(calling("hi")))).toEqual(answer("mention"));
  expect(decide(elsewhere, "mention", arrivalOf(calling("hi")))).toEqual(
    ignore("server-not-allowed"),
  );
});

test("an allowed channel lets its threads in, and no other channel", () => {
  const only = { ...rules, allowedChannels: new Set([channelId]) };
  const thread = placeOf({ id: "6100", type: 11, parentId: channelId });
  const other = placeOf({ id: "6002" });

  expect(decide(only, "mention", arrivalOf(calling("hi")))).toEqual(answer("mention"));
  expect(decide(only, "mention", arrivalOf(calling("hi"), thread))).toEqual(answer("mention"));
  expect(decide(only, "mention", arrivalOf(calling("hi"), other))).toEqual(
    ignore("channel-not-allowed"),
  );
  expect(decide(only, "mention", arrivalOf(dmOf(), dm))).toEqual(answer("dm"));
});

test("who holds none of the allowed roles is not heard in a server", () => {
  const staff = { ...rules, allowedRoles: new Set(["7002"]) };
  const holder = calling("hi", { member: { roles: ["7002"] } });

  expect(decide(staff, "mention", arrivalOf(holder))).toEqual(answer("mention"));
  expect(decide(staff, "mention", arrivalOf(calling("hi")))).toEqual(ignore("role-missing"));
  expect(decide(staff, "active", arrivalOf(messageOf()))).toEqual(ignore("role-missing"));
});

test("without the Message Content intent, hidden words are told apart from none", () => {
  const blind = { ...rules, messageContent: false };
  const hidden = replying("", { message_reference: { message_id: "1" } });

  expect(decide(blind, "mention", arrivalOf(hidden))).toEqual(ignore("content-hidden"));
  expect(decide(blind, "mention", arrivalOf(calling("hi")))).toEqual(answer("mention"));
});

test("who is blocked is answered nowhere, by no way", () => {
  const strict = {
    ...rules,
    blockedUsers: new Set([arrivalOf(dmOf(), dm).message.author.userId.slice(8)]),
  };

  expect(decide(strict, "mention", arrivalOf(calling("hi")))).toEqual(ignore("blocked"));
  expect(decide(strict, "active", arrivalOf(messageOf()))).toEqual(ignore("blocked"));
  expect(decide(strict, "mention", arrivalOf(dmOf(), dm))).toEqual(ignore("blocked"));
  const [userId = ""] = strict.blockedUsers;
  expect(entryRefusal(strict, dm.conversation, { userId, roleIds: [] })).toBe("blocked");
});

const ana = (roleIds: readonly string[]) => ({ userId: "1", roleIds });

test("commands pass the same lists, also where the channel is off", () => {
  const lists = { ...rules, allowedChannels: new Set(["1"]), allowedRoles: new Set(["7002"]) };
  const roles = { ...rules, allowedRoles: new Set(["7002"]) };
  const { conversation } = placeOf();

  expect(entryRefusal(rules, conversation, ana([]))).toBeNull();
  expect(entryRefusal(lists, conversation, ana(["7002"]))).toBe("channel-not-allowed");
  expect(entryRefusal(roles, conversation, ana([]))).toBe("role-missing");
  expect(entryRefusal(roles, dm.conversation, ana([]))).toBeNull();
});

test("a thread does as its parent does, unless it was set itself", () => {
  const { conversation: thread } = placeOf({ id: "6100", type: 11, parentId: channelId });

  expect(modeOf(new Map(), thread)).toBe("mention");
  expect(modeOf(new Map([[channelId, "active"]]), thread)).toBe("active");
  expect(
    modeOf(
      new Map([
        [channelId, "active"],
        ["6100", "off"],
      ]),
      thread,
    ),
  ).toBe("off");
});

test("a place is served unless the lists or its mode close it", () => {
  const elsewhere = { ...rules, allowedServers: new Set(["1"]) };

  expect(isServed(rules, "mention", placeOf().conversation)).toBe(true);
  expect(isServed(rules, "off", placeOf().conversation)).toBe(false);
  expect(isServed(elsewhere, "mention", placeOf().conversation)).toBe(false);
  expect(isServed(elsewhere, "off", dm.conversation)).toBe(true);
});
