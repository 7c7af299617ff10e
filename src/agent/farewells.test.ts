import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Goodbye } from "../core/farewells.ts";
import { userId } from "../core/ids.ts";
import { silentLog, type LogFields } from "../core/log.ts";
import { aloneScope } from "../core/principal.ts";
import { createFarewellClock } from "./farewells.ts";

/** The clock over two people whose time has come; notes what it does, and ends when `until` says so. */
async function run(
  until: (events: readonly string[]) => boolean,
  { goodbyes = [] as readonly Goodbye[], brokenFilesOf = "" } = {},
) {
  const events: string[] = [];
  const warnings: unknown[] = [];
  const stopping = new AbortController();
  const clock = createFarewellClock({
    farewells: {
      due: async () => [userId("discord:1"), userId("discord:2")],
      async carryOut(person) {
        events.push(`rows of ${person}`);
        return {};
      },
    },
    files: {
      async forgetAll({ principal }) {
        events.push(`files of ${principal.userId}`);
        if (principal.userId === brokenFilesOf) throw new Error("the disk is away");
        return 1;
      },
    },
    goodbyes: goodbyes.map(({ name, leave }) => ({
      name,
      async leave(scope, signal) {
        events.push(`${name} of ${scope.principal.userId}`);
        await leave(scope, signal);
      },
    })),
    scopeOf: (person) => aloneScope("discord", person),
    now: () => new Date(),
    log: {
      ...silentLog,
      warn: (fields: LogFields, event: string) => void warnings.push({ ...fields, event }),
    },
  });
  const running = clock.run(stopping.signal);
  while (!until(events)) await sleep(1);
  stopping.abort();
  await running;
  return { events, warnings };
}

test("bytes go before rows, and whoever's cannot be removed now keeps nobody else waiting", async () => {
  const { events } = await run(({ length }) => length >= 3, { brokenFilesOf: "discord:1" });

  expect(events).toEqual(["files of discord:1", "files of discord:2", "rows of discord:2"]);
});

test("others are told before anything goes; who does not listen stops nothing, and is logged by id alone", async () => {
  const deaf: Goodbye = { name: "deaf", leave: () => Promise.reject(new Error("ana@example.com")) };
  const polite: Goodbye = { name: "polite", leave: async () => {} };

  const { events, warnings } = await run(({ length }) => length >= 8, { goodbyes: [deaf, polite] });

  expect(events.slice(0, 4)).toEqual([
    "deaf of discord:1",
    "polite of discord:1",
    "files of discord:1",
    "rows of discord:1",
  ]);
  expect(events.slice(4)).toHaveLength(4);
  expect(warnings).toEqual([
    { personId: "discord:1", goodbye: "deaf", event: "goodbye-failed" },
    { personId: "discord:2", goodbye: "deaf", event: "goodbye-failed" },
  ]);
});

test("at the end of the program nothing is removed of which others could not be told", async () => {
  const slow: Goodbye = {
    name: "slow",
    leave: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("ended")));
      }),
  };

  const { events, warnings } = await run(({ length }) => length >= 1, { goodbyes: [slow] });

  expect(events).toEqual(["slow of discord:1"]);
  expect(warnings).toEqual([]);
});
