import { setTimeout as sleep } from "node:timers/promises";
import { defineFigure } from "../figure.ts";
import { medianAnd95th } from "../percentile.ts";
import { msSinceAsked, type Question } from "../questions.ts";
import { openWarmStage } from "../stage.ts";

/** Long enough for a turn to end behind its answer, as it does when people speak. */
const PAUSE_MS = 50;

/** One question at a time, each in the channel that was silent for the longest time. */
export const answerTime = defineFigure({
  name: "answer-time",
  rows: {
    request: {
      label: "MESSAGE_CREATE to the first request, added",
      aim: "",
      unit: "ms",
      digits: 1,
      isAdded: true,
    },
    typing: { label: "MESSAGE_CREATE to typing shown", aim: "5", unit: "ms", digits: 1 },
    answered: {
      label: "MESSAGE_CREATE to the finished reply, added",
      aim: "20 / 40; PostgreSQL 10 / 25",
      unit: "ms",
      digits: 1,
      isAdded: true,
    },
  },
  async measure(home, isQuick) {
    await using stage = await openWarmStage(home);
    const asked: Question[] = [];
    for (let count = 0; count < (isQuick ? 40 : 300); count++) {
      asked.push(await stage.ask(stage.channelAt(count)).answered);
      await sleep(PAUSE_MS);
    }
    return {
      request: medianAnd95th(msSinceAsked(asked, (each) => each.typingAt ?? each.firstWordsAt)),
      typing: medianAnd95th(msSinceAsked(asked, (each) => each.typingAt)),
      answered: medianAnd95th(msSinceAsked(asked, (each) => each.answeredAt)),
    };
  },
});
