import { randomUUIDv7 } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { createClocks } from "./clocks.ts";
import { createRunner, houseTools } from "./create-runner.ts";
import type { House } from "./house.ts";
import { behind } from "./sandbox.ts";
import { operatorTools, terminalOperators } from "./log-tools.ts";
import { systemClock } from "../core/clock.ts";
import { noGuilds } from "../core/guild-access.ts";
import { parseTierPrefix } from "../llm/index.ts";
import { createTerminalAnnouncements } from "../terminal/announcements.ts";
import { createTerminal } from "../terminal/index.ts";
import type { Wing } from "./wing.ts";

/** Where a person types, and what is shown. */
interface Talk {
  readonly input: Readable;
  readonly output: Writable;
}

/** Talk in the terminal, and nothing else. */
export function chat(house: House, { input, output }: Talk): Wing {
  const announcements = createTerminalAnnouncements();
  const clocks = createClocks(house, new Map([["terminal", announcements.announcer]]), noGuilds);
  const ways = { outlets: new Map([["terminal" as const, house.local]]), sources: new Map() };
  const tools = houseTools(house, clocks, operatorTools(house, terminalOperators));
  const runner = createRunner(house, ways, tools);
  const { inbox, turns } = house.store;
  const { botName, version } = house.config;
  const terminal = createTerminal(
    {
      inbox,
      turns,
      approvals: house.store.approvals,
      local: house.local,
      clock: systemClock,
      createId: randomUUIDv7,
      readTier: parseTierPrefix,
      poke: runner.poke,
      input,
      output,
      announcements,
    },
    { botName, version },
  );
  const { keeper } = house.telemetry;
  const plugIns = house.mcp?.services ?? [];
  const services = [runner, terminal, keeper, ...plugIns, ...clocks.services, ...behind(house)];
  return { services, tools };
}
