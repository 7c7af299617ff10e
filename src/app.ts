/** Wires every room to the others: the only file that knows them all, and a list that can be read. */
import { randomBytes, randomUUID, randomUUIDv7 } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { createBudgets, type Budgets } from "./agent/budgets.ts";
import { createOwnSettings, type OwnSettings } from "./agent/own-settings.ts";
import { windowOf } from "./agent/context.ts";
import type { TurnDeps } from "./agent/run-turn.ts";
import { summarise } from "./agent/summarise.ts";
import { createTurnRunner, type TurnRunner } from "./agent/turn-runner.ts";
import type { Config, Role } from "./config.ts";
import { systemClock } from "./core/clock.ts";
import type { AttachmentSource } from "./core/files.ts";
import { noFault, type Fault } from "./core/fault.ts";
import { createLocalOutlet, type LocalOutlet } from "./core/local-outlet.ts";
import type { Log } from "./core/log.ts";
import type { ToolSpec } from "./core/model.ts";
import type { Outlet } from "./core/outlet.ts";
import type { Platform } from "./core/principal.ts";
import type { Service } from "./core/service.ts";
import type { Setup } from "./core/setup.ts";
import type { Tool } from "./core/tool.ts";
import { createDiscord, createDiscordAnswers, type Discord } from "./discord/index.ts";
import {
  createSwitchingModels,
  createTierChooser,
  parseTierPrefix,
  sleep,
  type SwitchingModels,
} from "./llm/index.ts";
import { checkHealth } from "./app/check-health.ts";
import { openFiles, type Files } from "./app/files.ts";
import { createKill } from "./app/create-kill.ts";
import { buildModels } from "./app/build-models.ts";
import { readPersona } from "./app/read-persona.ts";
import { createSetup, readEntered, withEntered, type Entered } from "./app/setup.ts";
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
  /** The configuration with what an operator entered while she ran; the environment's own values win. */
  readonly configure: (entered: Entered) => Config;
}

export interface App extends AsyncDisposable {
  readonly services: readonly Service[];
}

/** Opens the house. Nothing runs yet: the services do. When a step fails, what was opened is closed again. */
export async function createApp(given: Config, parts: AppParts): Promise<App> {
  await using opening = new AsyncDisposableStack();
  const { log } = parts;
  const fault = given.fault === null ? noFault : createKill(given.fault);
  const persona = await readPersona(given.persona);
  const ids = { random: Math.random, createId: randomUUID };
  const keys = given.secretKeys;
  const store = opening.use(await openStore({ log, fault, keys, ...ids }, given.store));
  const config = withEntered(parts, given, await readEntered(store.secrets, log));
  const modelsDeps = { ...ids, clock: systemClock, log, sleep, fetch: globalThis.fetch };
  const models = createSwitchingModels(await buildModels(modelsDeps, config));
  const setup = createSetup(
    {
      secrets: store.secrets,
      clock: systemClock,
      log,
      configure: parts.configure,
      buildModels: (wanted) => buildModels(modelsDeps, wanted),
      switchTo: models.switchTo,
    },
    config,
  );
  const local = createLocalOutlet();
  const ownSettings = createOwnSettings({ settings: store.settings, clock: systemClock });
  const files = openFiles({ index: store.files, createId: randomUUID, log }, config.files);
  const rooms = { models, persona, store, local, setup, ownSettings, files };
  const house: House = { config, log, fault, ...rooms };
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
  readonly models: SwitchingModels;
  readonly persona: string;
  readonly store: Store;
  readonly local: LocalOutlet;
  readonly setup: Setup;
  readonly ownSettings: OwnSettings;
  readonly files: Files;
}

interface Wing {
  readonly services: readonly Service[];
}

/** Talk in the terminal, and nothing else. */
function chat(house: House, { input, output }: AppParts): Wing {
  const runner = createRunner(house, new Map([["terminal", house.local]]), new Map());
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
  return { services: [runner, terminal] };
}

/** The roles of this process: all of them, unless CLARA_ROLES says otherwise. */
function start(house: House): Wing {
  const { config, store, local, log } = house;
  const has = (role: Role) => config.roles.has(role);
  const services: Service[] = [];
  const outlets = new Map<Platform, Outlet>([["web", local]]);
  const sources = new Map<Platform, AttachmentSource>();
  let poke = () => {};
  let discord: Discord | null = null;

  if (config.discord !== null && has("gateway")) {
    discord = createDiscord({ ...discordDeps(house), poke: () => poke() }, config.discord);
    services.push(discord.service);
    outlets.set("discord", discord.outlet);
    sources.set("discord", discord.attachments);
  } else if (config.discord !== null) {
    const answers = createDiscordAnswers(discordDeps(house), config.discord);
    services.push(answers.service);
    outlets.set("discord", answers.outlet);
    sources.set("discord", answers.attachments);
  }
  if (has("worker")) {
    const runner = createRunner(house, outlets, sources);
    poke = runner.poke;
    services.push(runner, createSummaries(house));
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

const CONTROL_ID_BYTES = 12;

const discordDeps = ({ store, models, config, log, fault, setup, ownSettings }: House) => ({
  setup,
  ownSettings,
  settings: store.settings,
  usage: store.usage,
  defaults: () => ({ tier: models.defaultTier, autoTier: models.autoTier }),
  timeZone: config.budgets.timeZone,
  inbox: store.inbox,
  turns: store.turns,
  outbox: store.outbox,
  gateLog: store.gateLog,
  channels: store.channels,
  notes: store.notes,
  components: store.components,
  createControlId: () => randomBytes(CONTROL_ID_BYTES).toString("base64url"),
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
function createRunner(
  house: House,
  outlets: ReadonlyMap<Platform, Outlet>,
  sources: ReadonlyMap<Platform, AttachmentSource>,
): TurnRunner {
  const { config, store, models, persona, local, fault } = house;
  const { transcript, ledger } = store;
  const log = house.log.child({ room: "agent" });
  const { ownSettings, files } = house;
  const budgets = createBudgets(
    { ledger, clock: systemClock, ownLimits: ownSettings.limits },
    config.budgets,
  );
  const tools: readonly Tool[] = [
    currentTime({ clock: systemClock, timeZone: config.context.timeZone }),
    searchConversation({ transcript }),
    ...files.tools,
  ];
  const deps: TurnDeps = {
    transcript,
    budgets,
    tools,
    toolSpecs: tools.map(toSpec),
    models,
    outlets,
    fault,
    log,
    ownSettings,
    files: files.store,
    readAttachments: files.reading(sources),
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
function createSummaries({ config, store, models, fault, log, ownSettings }: House): Service {
  const { transcript, ledger } = store;
  const budgets: Budgets = createBudgets(
    { ledger, clock: systemClock, ownLimits: ownSettings.limits },
    config.budgets,
  );
  return store.summaries.serve(async ({ turnId, scope, conversation }, signal) => {
    if (!(await budgets.allow(scope, conversation))) return;
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

/** What a model is told of a tool. */
const toSpec = ({ name, description, input }: Tool): ToolSpec => ({
  name,
  description,
  // Our own tools' schemas are objects by their type.
  inputSchema: z.toJSONSchema(input, { io: "input" }) as ToolSpec["inputSchema"],
});
