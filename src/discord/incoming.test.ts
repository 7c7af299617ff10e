import { expect, test } from "vitest";
import {
  ana,
  arrivalOf,
  ben,
  calling,
  clara,
  dmOf,
  messageOf,
  placeOf,
  replying,
} from "../../test/discord-messages.ts";
import { wireMessage } from "./wire.ts";

const textOf = (change: object) => arrivalOf(messageOf(change)).message.text;
const mentionsOf = (...users: object[]) => ({ mentions: users });
const toClara = { id: clara.userId, username: "Clara", bot: true };

test("a message keeps who, where, when and what, by Discord's ids", () => {
  const { message, scope } = arrivalOf(
    messageOf({
      author: { ...ana, global_name: "Ana" },
      member: { nick: "Ana of  Home", roles: ["7002"] },
      attachments: [
        { id: "9", filename: "a.png", content_type: "image/png", size: 12, url: "https://cdn/a" },
      ],
    }),
    placeOf({ permissions: 16n }),
  );

  expect(message).toMatchObject({
    id: "discord:1439000000000000000",
    text: "Hello",
    authorIsBot: false,
    replyTo: null,
    attachments: [{ id: "9", name: "a.png", contentType: "image/png", sizeBytes: 12 }],
    conversation: {
      id: "discord:channel:6001",
      kind: "channel",
      guildId: "discord:5001",
      channelId: "6001",
      title: "#general",
    },
  });
  expect(message.sentAt.toISOString()).toBe("2025-11-14T21:12:15.327Z");
  expect(scope).toEqual({
    principal: {
      platform: "discord",
      userId: "discord:2001",
      displayName: "Ana of Home",
      guildId: "discord:5001",
      roleIds: ["7002"],
      permissions: 16n,
      via: "message",
    },
    audience: { kind: "channel", conversationId: "discord:channel:6001", guildId: "discord:5001" },
  });
});

test("a DM is private to its person, whoever may be an administrator elsewhere", () => {
  const { scope, message } = arrivalOf(dmOf(), placeOf({ isDm: true, permissions: 8n }));

  expect(message.conversation).toMatchObject({ kind: "dm", guildId: null, parentId: null });
  expect(scope.audience).toEqual({ kind: "private", userId: "discord:2001" });
  expect(scope.principal.permissions).toBe(0n);
});

test("a thread knows its parent, and a reply what it replies to", () => {
  const thread = placeOf({ id: "6100", type: 11, parentId: "6001" });
  const { message } = arrivalOf(replying("yes"), thread);

  expect(message.conversation).toMatchObject({
    kind: "thread",
    parentId: "6001",
    title: "general",
  });
  expect(message.replyTo).toBe("discord:1438");
});

test.each([
  ["the mention of Clara goes", calling("what is up?"), "what is up?"],
  ["also with a comma", messageOf({ content: "<@1100>, hi", ...mentionsOf(toClara) }), "hi"],
  [
    "also within a sentence",
    messageOf({ content: "Hey <@1100> hi", ...mentionsOf(toClara) }),
    "Hey hi",
  ],
  ["also her own role's", messageOf({ content: "<@&7001> hi", mention_roles: ["7001"] }), "hi"],
  ["a bare mention says her name", calling(""), "@Clara"],
  [
    "other people's become names",
    messageOf({ content: "ask <@2002>", ...mentionsOf({ ...ben, member: { nick: "Ben\nB" } }) }),
    "ask @Ben B",
  ],
  [
    "those that are unknown, too",
    messageOf({ content: "<@1> <@&1> <#1>" }),
    "@unknown-user @unknown-role #unknown-channel",
  ],
  [
    "and roles, channels, emoji, commands",
    messageOf({ content: "<@&7002> <#6002> <:wave:123> <a:hop:123> </clara help:55>" }),
    "@Staff #music :wave: :hop: /clara help",
  ],
  [
    "within code they stay as they are",
    messageOf({ content: "`<@2002>` ``<#6002>`` ```\n<@1100>\n```" }),
    "`<@2002>` ``<#6002>`` ```\n<@1100>\n```",
  ],
  ["punctuation of one's own stays", messageOf({ content: ": a list" }), ": a list"],
])("in the text, %s", (_, message, text) => {
  expect(arrivalOf(message).message.text).toBe(text);
});

test("what is not text is named", () => {
  expect(textOf({ content: "", sticker_items: [{ name: "Wave" }] })).toBe("[sticker: Wave]");
  expect(
    textOf({
      content: "",
      poll: {
        question: { text: "Tea?" },
        answers: [{ poll_media: { text: "yes" } }, { poll_media: { text: "no" } }],
      },
    }),
  ).toBe("[poll: Tea? yes | no]");
  expect(textOf({ content: "", flags: 8192, attachments: [{ id: "1", duration_secs: 3.4 }] })).toBe(
    "[voice message, 3 s]",
  );
});

test("a forward brings its words and files along and is no reply", () => {
  const snapshot = {
    message: { content: "the plan", attachments: [{ id: "8", filename: "plan.pdf" }] },
  };
  const { message, signs } = arrivalOf(
    messageOf({
      content: "see",
      message_reference: { type: 1, message_id: "1" },
      message_snapshots: [snapshot],
    }),
  );

  expect(message.text).toBe("see\n[forwarded: the plan]");
  expect(message.attachments).toMatchObject([{ name: "plan.pdf" }]);
  expect(message.replyTo).toBeNull();
  expect(signs.isReply).toBe(false);
});

test("text that PostgreSQL cannot store becomes text that it can", () => {
  expect(textOf({ content: "a\0b\ud800c\u200b\u202e" })).toBe("ab\ufffdc\u200b\u202e");
});

test("someone who is timed out has no more rights than Discord leaves him", () => {
  const until = "2025-11-16T00:00:00Z";
  const seen: boolean[] = [];
  const place = {
    ...placeOf(),
    permissionsOf: ({ timedOut }: { timedOut: boolean }) => (seen.push(timedOut), 0n),
  };

  arrivalOf(messageOf({ member: { roles: [], communication_disabled_until: until } }), place);
  arrivalOf(
    messageOf({ member: { roles: [], communication_disabled_until: "2025-11-01T00:00:00Z" } }),
    place,
  );

  expect(seen).toEqual([true, false]);
});

test("an odd field costs that field, and only what makes a message a message costs the message", () => {
  const odd = wireMessage.safeParse({
    id: "1",
    channel_id: "2",
    author: { id: "3" },
    content: null,
    mentions: "none",
    flags: "many",
    poll: 7,
    new_field: {},
  });

  expect(odd.data).toMatchObject({ content: "", mentions: [], flags: 0, poll: null });
  expect(wireMessage.safeParse({ id: "1", channel_id: "2", author: null }).success).toBe(false);
  expect(wireMessage.safeParse({ id: "x", channel_id: "2", author: { id: "3" } }).success).toBe(
    false,
  );
});
