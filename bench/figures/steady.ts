import { defineFigure } from "../figure.ts";
import { everyMs } from "../pace.ts";
import { medianAnd95th } from "../percentile.ts";
import { msSinceAsked } from "../questions.ts";
import { openWarmStage } from "../stage.ts";

const ASK_EVERY_MS = 20;

/** 50 questions a second over 100 channels, as many as Discord lets a bot make requests. */
export const steady = defineFigure({
  name: "steady",
  rows: {
    answers: {
      label: "50 questions a second: answers a second meanwhile",
      aim: "50",
      unit: "/s",
      digits: 1,
    },
    delay: { label: "the same: question to reply", aim: "", unit: "ms", digits: 0 },
  },
  async measure(home, isQuick) {
    await using stage = await openWarmStage(home);
    const startedAt = performance.now();
    const asked = await everyMs(ASK_EVERY_MS, isQuick ? 250 : 1_000, (index) =>
      stage.ask(stage.channelAt(index)),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const meanwhile = asked.filter(({ question }) => question.answeredAt !== null).length;
    const answered = await Promise.all(asked.map((each) => each.answered));
    return {
      answers: [meanwhile / seconds],
      delay: medianAnd95th(msSinceAsked(answered, (each) => each.answeredAt)),
    };
  },
});
