import type { REST } from "discord.js";
import { expect, test } from "vitest";
import { arrivalOf, calling, messageOf } from "../../test/discord-messages.ts";
import { noFault } from "../core/fault.ts";
import { silentLog } from "../core/log.ts";
import { createBackFill } from "./back-fill.ts";
import type { Seen } from "./look.ts";
import { snowflakeOf } from "./snowflake.ts";
import type { WireMessage } from "./wire.ts";

const signal = new AbortController().signal;

/** A channel with these messages, oldest first, read by one back-fill after the first of them. */
async function backFill(channel: readonly object[]) {
  const newestFirst = channel.toReversed() as { id: string }[];
  const said: string[] = [];
  let reads = 0;
  // The edge to Discord: only what this part asks for.
  const rest = {
    async get(_: string, { query }: { query: URLSearchParams }) {
      reads++;
      const limit = Number(query.get("limit"));
      const [after, before] = [query.get("after"), query.get("before")];
      if (after) return newestFirst.filter(({ id }) => Number(id) > Number(after)).slice(-limit);
      return newestFirst.filter(({ id }) => !before || Number(id) < Number(before)).slice(0, limit);
    },
    async post(_: string, { body }: { body: { content: string } }) {
      said.push(body.content);
    },
  } as unknown as REST;
  const taken: Seen[] = [];
  const look = (message: WireMessage): Seen => ({
    arrival: arrivalOf(message),
    decision: message.content.startsWith("<@")
      ? { kind: "answer", trigger: "mention" }
      : { kind: "hear", reason: "not-addressed" },
  });
  const intake = { take: async (seen: readonly Seen[]) => void taken.push(...seen) };
  const run = createBackFill({ look, intake, rest, fault: noFault, log: silentLog });
  await run("6001", { kind: "back-fill", after: "1000", guildId: null }, signal);
  const ids = taken.map(({ arrival }) => Number(snowflakeOf(arrival.message.id)));
  return { ids, said, reads };
}

const chatter = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => messageOf({ id: String(1_000 + index) }));
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("a little is read at once, oldest first", async () => {
  const { ids, reads } = await backFill(chatter(100));

  expect(ids).toEqual(numbers(1_001, 1_099));
  expect(reads).toBe(1);
});

test("a lot is read from the newest down, whole", async () => {
  const { ids, said } = await backFill(chatter(351));

  expect(ids).toEqual(numbers(1_001, 1_350));
  expect(said).toEqual([]);
});

test("of very much the newest thousand are read, and chatter is no reason to speak of it", async () => {
  const { ids, said, reads } = await backFill(chatter(1_301));

  expect(ids).toEqual(numbers(1_301, 2_300));
  expect(said).toEqual([]);
  expect(reads).toBe(11);
});

test("where somebody talked to her, she says that she missed a lot", async () => {
  const { ids, said } = await backFill([...chatter(1_301), calling("hi", { id: "2301" })]);

  expect(ids.at(-1)).toBe(2_301);
  expect(said).toEqual([expect.stringMatching(/missed a lot/)]);
});

test("a message that cannot be read does not end the reading", async () => {
  const channel = chatter(201).with(50, { id: "1050", author: null });

  const { ids } = await backFill(channel);

  expect(ids).toEqual(numbers(1_001, 1_200).filter((id) => id !== 1_050));
});
