import { setTimeout as sleep } from "node:timers/promises";
import { defineFigure, type Reading } from "../figure.ts";
import { everyMs } from "../pace.ts";
import { openStage } from "../stage.ts";

const IDLE_MS = 20_000;
const ASK_EVERY_MS = 20;
const MAX_START = { timeoutMs: 60_000 };

const rss = (label: string, aim = "") => ({ label, aim, unit: "MB", digits: 0 });

/** What the process holds after it did nothing for 20 s, and after many answers, 50 a second. */
export const memory = defineFigure({
  name: "memory",
  rows: {
    idle: rss("RSS, idle for 20 s", "300; PostgreSQL 150"),
    after2000: rss("RSS after 2,000 answers"),
    after5000: rss("RSS after 5,000 answers"),
    after10000: rss("RSS after 10,000 answers", "flat"),
  },
  async measure(home, isQuick) {
    await using stage = await openStage(home);
    await using subject = stage.start({ unlimited: true });
    await stage.discord.botIsOnline(MAX_START);
    await sleep(IDLE_MS);
    const rssMb = async (): Promise<Reading> => [(await subject.read()).rssMb];
    const answer = async (count: number): Promise<Reading> => {
      const asked = await everyMs(ASK_EVERY_MS, count, (index) =>
        stage.ask(stage.channelAt(index)),
      );
      await Promise.all(asked.map((each) => each.answered));
      return rssMb();
    };
    const idle = await rssMb();
    if (isQuick) return { idle };
    return {
      idle,
      after2000: await answer(2_000),
      after5000: await answer(3_000),
      after10000: await answer(5_000),
    };
  },
});
