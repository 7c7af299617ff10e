import { expect, onTestFinished, test } from "vitest";
import { deliver } from "../../src/agent/deliver.ts";
import { systemClock } from "../../src/core/clock.ts";
import { noFault } from "../../src/core/fault.ts";
import { messageId, turnIdOf } from "../../src/core/ids.ts";
import { silentLog } from "../../src/core/log.ts";
import { conversationIn, outletOn } from "../discord-outlet.ts";
import { REQUESTS, startFakeDiscord } from "../fake-discord/index.ts";
import { createMemoryOutbox } from "../memory-outbox.ts";
import { turnOf } from "../turns.ts";

const CHANNELS = 20;
const ANSWERS_PER_CHANNEL = 100;

test("2,000 answers are 2,000 messages, in order, though Discord takes a fifth of the sends and answers 502", async () => {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const outlet = outletOn(discord, { requestsPerSecond: 1_000_000 });
  const fault = discord.faults.add({
    kind: "status-after-commit",
    match: REQUESTS.sends,
    probability: 0.2,
    times: Infinity,
  });
  const channels = Array.from({ length: CHANNELS }, (_, index) =>
    discord.guild.channel(`c${index}`),
  );
  const answers = Array.from({ length: ANSWERS_PER_CHANNEL }, (_, index) => `answer ${index}`);

  await Promise.all(
    channels.map(async (place) => {
      for (const answer of answers) {
        const { id } = await discord.ana.says("?", { in: place });
        const triggerId = messageId(`discord:${id}`);
        const turn = turnOf({
          id: turnIdOf(triggerId),
          triggerId,
          conversation: conversationIn(place),
        });
        const lease = { turnId: turn.id, generation: 1 };
        const outbox = createMemoryOutbox();
        const outcome = { state: "done", detail: "answered", answer } as const;
        const planned = await outbox.plan(lease, [{ content: answer, file: null }], outcome);
        const rows = planned.map((row) => ({ ...row, nonce: id }));
        const deps = { outlet, outbox, clock: systemClock, fault: noFault, log: silentLog };
        await deliver(
          deps,
          turn,
          lease,
          rows,
          { untried: new Set([0]), finished: new Map() },
          new AbortController().signal,
        );
      }
    }),
  );

  expect(fault.hits).toBeGreaterThan(300);
  for (const place of channels)
    expect(place.fromBot().map(({ content }) => content)).toEqual(answers);
});
