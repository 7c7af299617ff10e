import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { userId } from "../core/ids.ts";
import { silentLog } from "../core/log.ts";
import { createFarewellClock } from "./farewells.ts";

test("bytes go before rows, and whoever's cannot be removed now keeps nobody else waiting", async () => {
  const events: string[] = [];
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
        if (principal.userId === "discord:1") throw new Error("the disk is away");
        return 1;
      },
    },
    now: () => new Date(),
    log: silentLog,
  });

  const running = clock.run(stopping.signal);
  while (events.length < 3) await sleep(1);
  stopping.abort();
  await running;

  expect(events).toEqual(["files of discord:1", "files of discord:2", "rows of discord:2"]);
});
