import { z } from "zod";
import type { Budgets } from "../agent/budgets.ts";
import type { TurnDeps } from "../agent/run-turn.ts";
import { withAllowances } from "../agent/schedule-budgets.ts";
import { createTurnRunner, type TurnRunner } from "../agent/turn-runner.ts";
import { systemClock } from "../core/clock.ts";
import type { AttachmentSource } from "../core/files.ts";
import type { ToolSpec } from "../core/model.ts";
import type { Outlet, TurnWatcher } from "../core/outlet.ts";
import type { Platform } from "../core/principal.ts";
import type { Tool } from "../core/tool.ts";
import { together } from "../core/tool-source.ts";
import { createTierChooser } from "../llm/index.ts";
import { ownSkillTools } from "../tools/skills/own-skills.ts";
import { currentTime } from "../tools/current-time.ts";
import { searchConversation } from "../tools/search-conversation.ts";
import { clockTools, type Clocks } from "./clocks.ts";
import type { House } from "./house.ts";
import { codingTools, imageTools } from "./more-tools.ts";

/** What a platform brings: where answers go, and where attachments come from. */
export interface Ways {
  readonly outlets: ReadonlyMap<Platform, Outlet>;
  readonly sources: ReadonlyMap<Platform, AttachmentSource>;
  /** Sees what becomes of turns; left out where nobody has to. */
  readonly watch?: TurnWatcher | undefined;
}

const budgetsOf = ({ budgets, store }: House): Budgets =>
  withAllowances(budgets, store.scheduleQueue);

/** All that Clara can do, in the order in which a model is told of it. */
export function houseTools(
  house: House,
  clocks: Clocks,
  more: readonly Tool[] = [],
): readonly Tool[] {
  const { config, store } = house;
  const { timeZone } = config.context;
  const budgets = budgetsOf(house);
  return [
    currentTime({ clock: systemClock, settings: store.settings, timeZone }),
    searchConversation(store),
    ...house.memory.tools,
    ...house.files.tools,
    ...house.outward.webTools.tools,
    ...(house.google?.tools ?? []),
    ...(house.sandbox?.tools ?? []),
    ...(house.mail?.tools ?? []),
    ...clockTools(store, timeZone, clocks),
    ...more,
    ...house.skills,
    ...imageTools(config.images, { ledger: store.ledger, budgets }),
    ...codingTools(config.claudeCode, {
      ledger: store.ledger,
      left: budgets.left,
      cleanText: house.outward.cleanText,
    }),
  ];
}

/** Turns are composed here, and delivered to whichever outlet their place belongs to. */
export function createRunner(
  house: House,
  { outlets, sources, watch }: Ways,
  tools: readonly Tool[],
): TurnRunner {
  const { config, store, models, persona, local, fault, modelHealth } = house;
  const { outgoing, marker } = house.outward;
  const { transcript, ledger } = store;
  const log = house.log.child({ room: "agent" });
  const { ownSettings } = house;
  const budgets = budgetsOf(house);
  const deps: TurnDeps = {
    transcript,
    recall: house.memory.recall,
    intentions: store.intentions,
    budgets,
    outgoing,
    policy: {
      rules: store.toolRules,
      approvals: store.approvals,
      audit: store.audit,
      hosts: config.webTools.linkHosts,
    },
    tools,
    toolSpecs: tools.map(toSpec),
    toolSource: together([ownSkillTools(store), ...(house.mcp ? [house.mcp.source] : [])]),
    models,
    outlets,
    fault,
    log,
    ownSettings,
    files: house.files.store,
    ...house.files.reading(sources),
    steps: store.steps,
    turns: store.turns,
    queue: store.queue,
    outbox: store.outbox,
    limits: config.limits,
    context: { ...config.context, persona, marker },
    clock: systemClock,
    chooseTier: createTierChooser({ models, transcript, budgets, ledger, log }),
    watch(...told) {
      local.watch(...told);
      modelHealth.watch(...told);
      house.telemetry.watch(...told);
      watch?.(...told);
    },
  };
  return createTurnRunner(deps, { graceMs: config.grace.turnsMs });
}

/** What a model is told of a tool. */
const toSpec = ({ name, description, input, cost }: Tool): ToolSpec => ({
  name,
  description: cost === undefined ? description : `${description} Costs ${cost}.`,
  // Our own tools' schemas are objects by their type.
  inputSchema: z.toJSONSchema(input, { io: "input" }) as ToolSpec["inputSchema"],
});
