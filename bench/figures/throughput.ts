import { setTimeout as sleep } from "node:timers/promises";
import { defineFigure } from "../figure.ts";
import { median } from "../percentile.ts";
import { openWarmStage } from "../stage.ts";

const PAUSE_MS = 500;

/** A question in each of 100 channels at once, several times, without the limit that the library keeps. */
export const throughput = defineFigure({
  name: "throughput",
  rows: {
    answers: {
      label: "100 channels ask at once, no rate limit: answers a second",
      aim: "",
      unit: "/s",
      digits: 0,
    },
  },
  async measure(home, isQuick) {
    await using stage = await openWarmStage(home, { unlimited: true });
    const rates: number[] = [];
    for (let round = 0; round < (isQuick ? 3 : 20); round++) {
      const startedAt = performance.now();
      await Promise.all(stage.channels.map((place) => stage.ask(place).answered));
      rates.push((stage.channels.length / (performance.now() - startedAt)) * 1000);
      await sleep(PAUSE_MS);
    }
    return { answers: median(rates) };
  },
});
