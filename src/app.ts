/** Wires every room to the others: the only file that knows them all, and a list that can be read. */
import { randomUUID, randomUUIDv7 } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { createBudgets } from "./agent/budgets.ts";
import { createModelHealth } from "./agent/model-health.ts";
import { createOwnSettings } from "./agent/own-settings.ts";
import { copyBeforeUpgrade, openCopies } from "./app/backups.ts";
import { buildModels } from "./app/build-models.ts";
import { createClocks } from "./app/clocks.ts";
import { createKill } from "./app/create-kill.ts";
import { createRunner, houseTools } from "./app/create-runner.ts";
import { discordDeps } from "./app/discord-deps.ts";
import { openGoogle } from "./app/google.ts";
import { behind, openSandbox } from "./app/sandbox.ts";
import { createHealth } from "./app/health.ts";
import type { House } from "./app/house.ts";
import { noOperators, operatorTools } from "./app/log-tools.ts";
import { channelTools, skillTools } from "./app/more-tools.ts";
import { createFarewellService } from "./app/farewells.ts";
import { openFiles } from "./app/files.ts";
import { openDoor, openDoorHttp } from "./app/door.ts";
import { openAsker } from "./app/asker.ts";
import { openMcpQuestions } from "./app/mcp-questions.ts";
import { openMcpSignIn } from "./app/mcp-sign-in.ts";
import { openMail } from "./app/mail.ts";
import { openOwnMail } from "./app/own-mail.ts";
import { createReceiptService, openMemory } from "./app/memory.ts";
import { openPlugIns } from "./app/mcp.ts";
import { openOutward } from "./app/outward.ts";
import { readPersona } from "./app/read-persona.ts";
import { createSetup, readEntered, withEntered, type Entered } from "./app/setup.ts";
import { createSummaries } from "./app/summaries.ts";
import { openTelemetry } from "./app/telemetry.ts";
import type { Config, Role } from "./config.ts";
import type { Announcer } from "./core/announcer.ts";
import { systemClock } from "./core/clock.ts";
import { noFault } from "./core/fault.ts";
import type { AttachmentSource } from "./core/files.ts";
import { noGuilds } from "./core/guild-access.ts";
import { createLocalAnnouncer } from "./core/local-announcer.ts";
import { createLocalOutlet } from "./core/local-outlet.ts";
import type { Log } from "./core/log.ts";
import type { Outlet } from "./core/outlet.ts";
import type { Platform } from "./core/principal.ts";
import type { Service } from "./core/service.ts";
import type { Mcp } from "./mcp/index.ts";
import type { Tool } from "./core/tool.ts";
import {
  createDiscord,
  createDiscordAnswers,
  type Discord,
  type DiscordDeps,
} from "./discord/index.ts";
import { createEmbedder } from "./llm/embedder.ts";
import { createSwitchingModels, parseTierPrefix, sleep } from "./llm/index.ts";
import { openStore } from "./store/index.ts";
import type { LogTap } from "./telemetry/log-tap.ts";
import { createWeb } from "./web/index.ts";
import { chat } from "./app/chat.ts";
import type { Wing } from "./app/wing.ts";

export interface AppParts {
  readonly log: Log;
  /** Where what was written to the log can be heard. */
  readonly tap: LogTap;
  /** What nobody may read; also what is entered while she runs. */
  readonly secrets: () => readonly string[];
  /** chat: the terminal in place of Discord and the web. */
  readonly mode: "start" | "chat";
  readonly input: Readable;
  readonly output: Writable;
  /** The configuration with what an operator entered while she ran; the environment's own values win. */
  readonly configure: (entered: Entered) => Config;
}

export type App = AsyncDisposable & Wing;

/** Opens the house. Nothing runs yet: the services do. When a step fails, what was opened is closed again. */
export async function createApp(given: Config, parts: AppParts): Promise<App> {
  await using opening = new AsyncDisposableStack();
  const { log } = parts;
  const fault = given.fault === null ? noFault : createKill(given.fault);
  const persona = await readPersona(given.persona);
  const ids = { random: Math.random, createId: randomUUID };
  const keys = given.secretKeys;
  const store = opening.use(
    await openStore(
      {
        log,
        fault,
        keys,
        knownSecrets: parts.secrets,
        beforeUpgrade: given.backups.beforeUpgrade ? copyBeforeUpgrade(given, log) : undefined,
        ...ids,
      },
      given.store,
    ),
  );
  const telemetry = opening.use(openTelemetry({ store, log, tap: parts.tap }, given));
  const modelsDeps = { ...ids, clock: systemClock, log, sleep, fetch: globalThis.fetch };
  const build = async (wanted: Config["models"]) =>
    telemetry.countModels(await buildModels(modelsDeps, wanted));
  const config = withEntered(parts, given, await readEntered(store.secrets, log));
  const models = createSwitchingModels(await build(config.models));
  const setup = createSetup(
    {
      secrets: store.secrets,
      clock: systemClock,
      log,
      configure: parts.configure,
      buildModels: (wanted) => build(wanted.models),
      switchTo: models.switchTo,
    },
    config,
  );
  const local = createLocalOutlet();
  const ownSettings = createOwnSettings({ settings: store.settings, clock: systemClock });
  const { ledger } = store;
  const budgets = createBudgets(
    { ledger, clock: systemClock, ownLimits: ownSettings.limits },
    config.budgets,
  );
  const outward = openOutward(config, parts.secrets);
  opening.use(outward.webTools);
  const skills = await skillTools(config.skillsDir, log);
  const learner = config.learner && (await build(config.learner));
  const embedder = config.embedder && createEmbedder({ fetch: globalThis.fetch }, config.embedder);
  const memory = openMemory({
    config,
    store,
    models,
    learner,
    embedder,
    budgets,
    isDemo: setup.isDemo,
    log,
  });
  const { spokenWords } = store;
  const filesDeps = { index: store.files, createId: randomUUID, log, spokenWords, ledger, budgets };
  const files = openFiles(filesDeps, config);
  const sandbox = opening.use(openSandbox(config, { files: files.store, outward, log }));
  const google = openGoogle(config, store, { fetch: outward.fetch, random: Math.random });
  const copies = openCopies(config, store, log);
  const announcers = new Map<Platform, Announcer>();
  const asker = openAsker({ store, models, ownSettings, budgets, log, setup });
  const running: { mcp: Mcp | null } = { mcp: null };
  const mcpSignIn = openMcpSignIn(config, store, outward, () => running.mcp?.control ?? null);
  const questions = openMcpQuestions(store, asker, announcers);
  const forMcp = { ...mcpSignIn, questions };
  const mcp = opening.use(await openPlugIns(config, store, outward, log, forMcp));
  running.mcp = mcp;
  const mailParts = { config, store, log, fault, models, ownSettings, budgets, setup, outward };
  const mail = openMail(mailParts, Math.random);
  const living = {
    files,
    backups: copies.backups,
    google,
    mcp,
    mcpSignIn,
    sandbox,
    asker,
    announcers,
    mail,
    local,
    setup,
    ownSettings,
    budgets,
    outward,
    memory,
    modelHealth: createModelHealth(),
    telemetry,
  };
  const house: House = { config, log, fault, models, persona, store, skills, ...living };
  if (config.budgets.limits.length === 0) log.warn({}, "no-budget-set");

  const { services, ...wing } = parts.mode === "chat" ? chat(house, parts) : start(house);
  const opened = opening.move();
  return {
    services: [
      ...store.services,
      ...(parts.mode === "start" && config.roles.has("worker") ? copies.services : []),
      ...services,
    ],
    ...wing,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The roles of this process: all of them, unless CLARA_ROLES says otherwise. */
function start(house: House): Wing {
  const { config, store, local, log, telemetry } = house;
  const has = (role: Role) => config.roles.has(role);
  const services: Service[] = [];
  const outlets = new Map<Platform, Outlet>([["web", local]]);
  const { announcers } = house;
  announcers.set("web", createLocalAnnouncer(local));
  const sources = new Map<Platform, AttachmentSource>();
  let poke = () => {};
  let pokeReminders = () => {};
  // Known at the front door also in a process that works on no turns: rules are set by their names.
  let tools: readonly Tool[] = [];
  const later = { poke: () => poke(), pokeReminders: () => pokeReminders(), tools: () => tools };
  const front = openFront(house, later, has("gateway"));
  services.push(telemetry.keeper, ...telemetry.mirrorTo(front?.logChannel ?? null));

  if (front !== null) {
    services.push(front.service);
    outlets.set("discord", front.outlet);
    announcers.set("discord", front.announcer);
    sources.set("discord", front.attachments);
  }
  const access = front?.access ?? noGuilds;
  const ownMail = openOwnMail(house);
  const clocks = createClocks(house, announcers, access);
  tools = houseTools(house, clocks, [
    ...channelTools(store, { access, posts: front?.posts ?? null }),
    ...operatorTools(house, front?.operators ?? noOperators),
    ...(ownMail?.tools(front?.operators ?? noOperators) ?? []),
  ]);
  if (has("worker")) {
    const runner = createRunner(house, { outlets, sources, watch: front?.watch }, tools);
    poke = runner.poke;
    pokeReminders = clocks.pokeReminders;
    const receipts = createReceiptService(house, front?.receiptOutlet ?? null);
    const farewells = createFarewellService(house);
    services.push(
      runner,
      ...(house.mcp?.services ?? []),
      house.files.clearing,
      createSummaries(house),
      receipts,
      farewells,
      ...clocks.services,
      ...behind(house),
    );
  }
  const door = () => openDoor(house, tools, () => poke());
  if (has("mail")) {
    if (house.mail !== null && front !== null)
      services.push(...house.mail.services(front.announcer));
    services.push(...(ownMail?.services(front?.announcer ?? null) ?? []));
  }
  if (config.web !== null) {
    const { inbox, turns, transcript } = store;
    const deps = {
      inbox,
      turns,
      transcript,
      explanations: store.explanations,
      approvals: store.approvals,
      local,
      log,
      clock: systemClock,
      createId: randomUUIDv7,
    };
    const gateway = front !== null && "state" in front ? front : null;
    const health = createHealth({ ...house, clock: systemClock }, gateway);
    const metrics = () => telemetry.metrics(health);
    const shown = { health, metrics, readTier: parseTierPrefix, poke: () => poke() };
    const ways = { google: house.google, mcpSignIn: house.mcpSignIn.page };
    const programs = () => openDoorHttp(house, door);
    services.push(createWeb({ ...deps, ...shown, ...ways, openDoor: programs }, config.web));
  }
  return { services, tools, openDoor: door };
}

/** Discord with its gateway, or for its answers alone; null without a token. */
function openFront(
  house: House,
  later: Pick<DiscordDeps, "poke" | "pokeReminders" | "tools">,
  hasGateway: boolean,
): Discord | ReturnType<typeof createDiscordAnswers> | null {
  const { discord } = house.config;
  if (discord === null) return null;
  const deps = discordDeps(house, Math.random);
  return hasGateway
    ? createDiscord({ ...deps, ...later }, discord)
    : createDiscordAnswers(deps, discord);
}
