import { expect, test } from "vitest";
import { placeOf } from "../../test/discord-messages.ts";
import type { Conversation } from "../core/message.ts";
import type { Watermark } from "../core/stores.ts";
import { createOrders } from "./orders.ts";
import { sentAtOf, snowflakeAt, toMessageId } from "./snowflake.ts";

const MINUTE_MS = 60_000;
const noon = new Date("2026-11-25T12:00:00Z");
const at = (minutes: number) => snowflakeAt(new Date(noon.getTime() + minutes * MINUTE_MS));
const mark = (conversation: Conversation, minutes: number): Watermark => ({
  conversation,
  messageId: toMessageId(at(minutes)),
});

const general = placeOf();
const music = placeOf({ id: "6002" });
const dm = (id: string) => placeOf({ id, isDm: true }).conversation;

/** Orders in a server where `spoken` were spoken in at noon. */
function setUp(given: {
  readonly marks?: readonly Watermark[];
  readonly spoken?: readonly ReturnType<typeof placeOf>[];
  readonly closed?: readonly string[];
}) {
  const { marks = [], spoken = [general, music], closed = [] } = given;
  const notes = new Map<string, string>();
  const orders = createOrders({
    inbox: { watermarks: async () => marks },
    notes: {
      get: async (key) => notes.get(key) ?? null,
      set: async (key, value) => void notes.set(key, value),
    },
    places: {
      spokenInSince: (_, after) =>
        spoken.filter(({ conversation }) => {
          const from = after(conversation.channelId);
          return from !== null && sentAtOf(from) < noon;
        }),
    },
    isServed: ({ channelId }) => !closed.includes(channelId),
    clock: { now: () => noon, elapsedMs: () => 0 },
  });
  return async (shardId = 0) =>
    (await orders(shardId)).map(({ channelId, task: { after, guildId } }) => ({
      channelId,
      after,
      guildId,
    }));
}

test("a place is read from its watermark, a new one from a minute before the newest of all", async () => {
  const orders = setUp({ marks: [mark(general.conversation, -10)] });

  expect(await orders()).toEqual([
    { channelId: "6001", after: at(-10), guildId: "5001" },
    { channelId: "6002", after: at(-11), guildId: "5001" },
  ]);
});

test("places where nothing is new, and those that the gate keeps shut, are not read", async () => {
  const orders = setUp({
    marks: [mark(general.conversation, 0), mark(music.conversation, -10)],
    closed: ["6002"],
  });

  expect(await orders()).toEqual([]);
});

test("DMs are read by the first shard, at most two hundred of them", async () => {
  const marks = Array.from({ length: 250 }, (_, index) => mark(dm(String(8_000 + index)), -10));
  const orders = setUp({ marks, spoken: [] });

  const [first, second] = [await orders(0), await orders(1)];

  expect(first).toHaveLength(200);
  expect(first[0]).toEqual({ channelId: "8000", after: at(-10), guildId: null });
  expect(second).toEqual([]);
});
