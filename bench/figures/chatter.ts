import { defineFigure } from "../figure.ts";
import { everyMs } from "../pace.ts";
import { medianAnd95th } from "../percentile.ts";
import type { Asked } from "../questions.ts";
import { msSinceAsked } from "../questions.ts";
import { openWarmStage } from "../stage.ts";

const TICK_MS = 10;
const EVENTS_PER_TICK = 20;
const ASK_EVERY_TICKS = 20;

/** 2,000 messages a second that are not for her in 100 channels, and five questions a second among them. */
export const chatter = defineFigure({
  name: "chatter",
  rows: {
    lag: {
      label: "2,000 events a second: loop lag p99",
      aim: "50",
      unit: "ms",
      digits: 1,
    },
    cpu: { label: "the same: share of one core", aim: "", unit: "%", digits: 0 },
    answered: { label: "the same: question to reply", aim: "", unit: "ms", digits: 1 },
  },
  async measure(home, isQuick) {
    await using stage = await openWarmStage(home);
    const asked: Asked[] = [];
    stage.subject.watch();
    await everyMs(TICK_MS, isQuick ? 200 : 1_000, (tick) => {
      for (let event = 0; event < EVENTS_PER_TICK; event++) {
        const place = stage.channelAt(tick * EVENTS_PER_TICK + event);
        void stage.discord.ben.says("A line that is for somebody else.", { in: place });
      }
      if (tick % ASK_EVERY_TICKS === 0) asked.push(stage.ask(stage.channelAt(tick)));
    });
    const { lagMs, cpuShare } = await stage.subject.read();
    const answered = await Promise.all(asked.map((each) => each.answered));
    return {
      lag: [lagMs.p99],
      cpu: [cpuShare * 100],
      answered: medianAnd95th(msSinceAsked(answered, (each) => each.answeredAt)),
    };
  },
});
