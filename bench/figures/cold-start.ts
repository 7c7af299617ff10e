import { GatewayOpcodes } from "discord-api-types/v10";
import { defineFigure } from "../figure.ts";
import type { Home } from "../homes.ts";
import { median } from "../percentile.ts";
import { openStage } from "../stage.ts";

const MAX_WAIT = { timeoutMs: 60_000 };

/** From the start of the process, in a home that was lived in before; somebody asks as soon as she is online. */
export const coldStart = defineFigure({
  name: "cold-start",
  rows: {
    identify: { label: "spawn to login sent", aim: "800", unit: "ms", digits: 0 },
    ready: { label: "spawn to READY", aim: "", unit: "ms", digits: 0 },
    answer: { label: "spawn to the first answer", aim: "2,500", unit: "ms", digits: 0 },
  },
  async measure(home, isQuick) {
    const starts = [];
    for (let count = 0; count < (isQuick ? 3 : 11); count++) starts.push(await startOnce(home));
    return {
      identify: median(starts.map((each) => each.identify)),
      ready: median(starts.map((each) => each.ready)),
      answer: median(starts.map((each) => each.answer)),
    };
  },
});

async function startOnce(home: Home) {
  await using stage = await openStage(home);
  const { discord } = stage;
  const startedAt = performance.now();
  const sinceStart = () => performance.now() - startedAt;
  await using _subject = stage.start({ probed: false });
  const hasIdentified = () => discord.journal.gateway({ op: GatewayOpcodes.Identify }).length > 0;
  await discord.until(hasIdentified, "it logs in", MAX_WAIT);
  const identify = sinceStart();
  await discord.botIsOnline(MAX_WAIT);
  const ready = sinceStart();
  await stage.ask(stage.channelAt(0)).answered;
  return { identify, ready, answer: sinceStart() };
}
