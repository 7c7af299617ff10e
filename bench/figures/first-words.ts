import { defineFigure } from "../figure.ts";
import { medianAnd95th } from "../percentile.ts";
import { everyMs } from "../pace.ts";
import { openWarmStage } from "../stage.ts";

const MODEL_PAUSE_MS = 2_000;
const ASK_EVERY_MS = 150;

/** The model says one sentence, and the rest two seconds later. */
export const firstWords = defineFigure({
  name: "first-words",
  rows: {
    shown: {
      label: "the model's first sentence to the first visible text",
      aim: "15 / 40",
      unit: "ms",
      digits: 1,
    },
  },
  async measure(home, isQuick) {
    if (home.name === "echo bot") return {};
    await using stage = await openWarmStage(home, { pauseMs: MODEL_PAUSE_MS });
    const asked = await everyMs(ASK_EVERY_MS, isQuick ? 15 : 100, (index) =>
      stage.ask(stage.channelAt(index)),
    );
    const answered = await Promise.all(asked.map((each) => each.answered));
    const delays = answered.map(({ number, firstWordsAt }) => {
      const saidAt = stage.model.firstSentenceAt.get(number);
      if (saidAt === undefined || firstWordsAt === null) throw new Error("Nothing was said");
      return firstWordsAt - saidAt;
    });
    return { shown: medianAnd95th(delays) };
  },
});
