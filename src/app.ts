/** Wires every room to the others: the only file that knows them all, and a list that can be read. */
import { randomUUID, randomUUIDv7 } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { createBudgets, type Budgets } from "./agent/budgets.ts";
import { windowOf } from "./agent/context.ts";
import { builtInPersona } from "./agent/prompts.ts";
import type { TurnDeps } from "./agent/run-turn.ts";
import { summarise } from "./agent/summarise.ts";
import { createTurnRunner, type TurnRunner } from "./agent/turn-runner.ts";
import { openMemory, type Memory } from "./app/memory.ts";
import type { Config, KillPoint, PersonaSource, Role } from "./config.ts";
import { systemClock } from "./core/clock.ts";
import { noFault, type Fault } from "./core/fault.ts";
import { createLocalOutlet, type LocalOutlet } from "./core/local-outlet.ts";
import type { Log } from "./core/log.ts";
import type { Models, ToolSpec } from "./core/model.ts";
import type { Outlet } from "./core/outlet.ts";
import type { Platform } from "./core/principal.ts";
import type { Service } from "./core/service.ts";
import type { Tool } from "./core/tool.ts";
import { createDiscord, createDiscordAnswers, type Discord } from "./discord/index.ts";
import { createEmbedder } from "./llm/embedder.ts";
import {
  createModels,
  createTierChooser,
  loadPrices,
  parseTierPrefix,
  sleep,
} from "./llm/index.ts";
import { openStore, type Store } from "./store/index.ts";
import { createTerminal } from "./terminal/index.ts";
import { currentTime } from "./tools/current-time.ts";
import { searchConversation } from "./tools/search-conversation.ts";
import { createWeb } from "./web/index.ts";

export interface AppParts {
  readonly log: Log;
  /** chat: the terminal in place of Discord and the web. */
  readonly mode: "start" | "chat";
  readonly input: Readable;
  readonly output: Writable;
}

export interface App extends AsyncDisposable {
  readonly services: readonly Service[];
}

/** Opens the house. Nothing runs yet: the services do. When a step fails, what was opened is closed again. */
export async function createApp(config: Config, parts: AppParts): Promise<App> {
  await using opening = new AsyncDisposableStack();
  const { log } = parts;
  const fault = config.fault === null ? noFault : createKill(config.fault);
  const models = await buildModels(config.models, log);
  const learner = config.learner && (await buildModels(config.learner, log));
  const { fetch } = globalThis;
  const embedder = config.embedder && createEmbedder({ fetch }, config.embedder);
  const persona = await readPersona(config.persona);
  const ids = { random: Math.random, createId: randomUUID };
  const store = opening.use(await openStore({ log, fault, ...ids }, config.store));
  const memory = openMemory({ config, store, models, learner, embedder, log });
  const local = createLocalOutlet();
  const house: House = { config, log, fault, models, persona, store, memory, local };
  if (config.budgets.limits.length === 0) log.warn({}, "no-budget-set");

  const { services } = parts.mode === "chat" ? chat(house, parts) : start(house);
  const opened = opening.move();
  return {
    services: [...store.services, ...services],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What all rooms share. */
interface House {
  readonly config: Config;
  readonly log: Log;
  readonly fault: Fault;
  readonly models: Models;
  readonly persona: string;
  readonly store: Store;
  readonly memory: Memory;
  readonly local: LocalOutlet;
}

interface Wing {
  readonly services: readonly Service[];
}

/** Talk in the terminal, and nothing else. */
function chat(house: House, { input, output }: AppParts): Wing {
  const runner = createRunner(house, new Map([["terminal", house.local]]));
  const { inbox, turns } = house.store;
  const { botName, version } = house.config;
  const terminal = createTerminal(
    {
      inbox,
      turns,
      local: house.local,
      clock: systemClock,
      createId: randomUUIDv7,
      readTier: parseTierPrefix,
      poke: runner.poke,
      input,
      output,
    },
    { botName, version },
  );
  return { services: [runner, terminal, ...house.memory.services] };
}

/** The roles of this process: all of them, unless CLARA_ROLES says otherwise. */
function start(house: House): Wing {
  const { config, store, local, log } = house;
  const has = (role: Role) => config.roles.has(role);
  const services: Service[] = [];
  const outlets = new Map<Platform, Outlet>([["web", local]]);
  let poke = () => {};
  let discord: Discord | null = null;

  if (config.discord !== null && has("gateway")) {
    discord = createDiscord({ ...discordDeps(house), poke: () => poke() }, config.discord);
    services.push(discord.service);
    outlets.set("discord", discord.outlet);
  } else if (config.discord !== null) {
    const answers = createDiscordAnswers(discordDeps(house), config.discord);
    services.push(answers.service);
    outlets.set("discord", answers.outlet);
  }
  if (has("worker")) {
    const runner = createRunner(house, outlets);
    poke = runner.poke;
    services.push(runner, createSummaries(house), ...house.memory.services);
  }
  if (config.web !== null) {
    const { inbox, turns, transcript } = store;
    const deps = {
      inbox,
      turns,
      transcript,
      local,
      log,
      clock: systemClock,
      createId: randomUUIDv7,
    };
    const health = () => checkHealth(house, discord);
    services.push(
      createWeb({ ...deps, readTier: parseTierPrefix, poke: () => poke(), health }, config.web),
    );
  }
  return { services };
}

const discordDeps = ({ store, models, config, log, fault }: House) => ({
  inbox: store.inbox,
  turns: store.turns,
  outbox: store.outbox,
  gateLog: store.gateLog,
  channels: store.channels,
  notes: store.notes,
  clock: systemClock,
  random: Math.random,
  log: log.child({ room: "discord" }),
  fault,
  readTier: parseTierPrefix,
  info: () => ({
    version: config.version,
    models: {
      high: models.byTier("high").name,
      mid: models.byTier("mid").name,
      low: models.byTier("low").name,
    },
    database: store.kind,
  }),
});

/** Turns are composed here, and delivered to whichever outlet their place belongs to. */
function createRunner(house: House, outlets: ReadonlyMap<Platform, Outlet>): TurnRunner {
  const { config, store, models, persona, memory, local, fault } = house;
  const { transcript, ledger } = store;
  const log = house.log.child({ room: "agent" });
  const budgets = createBudgets({ ledger, clock: systemClock }, config.budgets);
  const tools: readonly Tool[] = [
    currentTime({ clock: systemClock, timeZone: config.context.timeZone }),
    searchConversation({ transcript }),
    ...memory.tools,
  ];
  const deps: TurnDeps = {
    transcript,
    recall: memory.recall,
    budgets,
    tools,
    toolSpecs: tools.map(toSpec),
    models,
    outlets,
    fault,
    log,
    steps: store.steps,
    turns: store.turns,
    queue: store.queue,
    outbox: store.outbox,
    limits: config.limits,
    context: { ...config.context, persona },
    clock: systemClock,
    chooseTier: createTierChooser({ models, transcript, budgets, ledger, log }),
    watch: local.watch,
  };
  return createTurnRunner(deps, { graceMs: config.grace.turnsMs });
}

/** Older lines are folded by jobs of their own, within the same budgets. */
function createSummaries({ config, store, models, fault, log }: House): Service {
  const { transcript, ledger } = store;
  const budgets: Budgets = createBudgets({ ledger, clock: systemClock }, config.budgets);
  return store.summaries.serve(async ({ turnId, scope, conversation }, signal) => {
    if (!(await budgets.allow(scope, conversation.id))) return;
    const deps = {
      transcript,
      fault,
      model: models.byTier("low"),
      clock: systemClock,
      log: log.child({ room: "agent" }),
      summaryAgeMs: config.summaryAgeMs,
      window: windowOf(conversation, config.context),
    };
    const pay = (cost: Parameters<typeof ledger.charge>[2]["cost"]) =>
      ledger.charge(scope, conversation.id, { purpose: "summary", turnId, cost });
    await summarise({ ...deps, pay }, scope, conversation.id, signal);
  });
}

async function buildModels(models: Config["models"], log: Log): Promise<Models> {
  const file = models.pricesFile;
  const override: unknown =
    file === null ? {} : JSON.parse(await readText(file, "LLM_PRICES_FILE"));
  const loaded = loadPrices(override);
  if (loaded.kind === "refused")
    throw new Error(`LLM_PRICES_FILE has wrong prices: ${loaded.problems.join("; ")}`);
  const deps = { clock: systemClock, log, random: Math.random, sleep, createId: randomUUID };
  return createModels({ ...deps, fetch: globalThis.fetch }, { ...models, prices: loaded.prices });
}

async function readPersona(source: PersonaSource): Promise<string> {
  switch (source.kind) {
    case "built-in":
      return builtInPersona;
    case "text":
      return source.text;
    case "file":
      return (await readText(source.path, "BOT_PERSONALITY_FILE")).trim();
  }
}

async function readText(path: string, variable: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Error(
      `${variable} names ${path}, which cannot be read. Check the path and the rights.`,
      {
        cause,
      },
    );
  }
}

/** What a model is told of a tool. */
const toSpec = ({ name, description, input }: Tool): ToolSpec => ({
  name,
  description,
  // Our own tools' schemas are objects by their type.
  inputSchema: z.toJSONSchema(input, { io: "input" }) as ToolSpec["inputSchema"],
});

/** Ends the process at once as it passes the point for the n-th time, as a power cut would. Only for tests. */
function createKill({ point, times }: KillPoint): Fault {
  let left = times;
  return (passed) => {
    if (passed === point && --left === 0) process.kill(process.pid, "SIGKILL");
  };
}

async function checkHealth({ config, store }: House, discord: Discord | null) {
  const works = await store.ping().then(
    () => true,
    () => false,
  );
  const state = discord?.state() ?? "ready";
  const [first] = config.models.providers;
  return {
    status: works && state !== "stopped" ? ("ok" as const) : ("degraded" as const),
    isReady: works && state === "ready",
    isDemo: first.kind === "demo",
    rooms: config.rooms,
  };
}
