import { randomBytes } from "node:crypto";
import { createTroubles } from "../agent/troubles.ts";
import { programChangelog } from "../config/version.ts";
import { systemClock } from "../core/clock.ts";
import { parseTierPrefix } from "../llm/index.ts";
import type { House } from "./house.ts";
import { emailDeps } from "./mail.ts";

const CONTROL_ID_BYTES = 12;

/** What the front door needs of the house. */
export const discordDeps = (
  {
    store,
    asker,
    models,
    config,
    log,
    fault,
    setup,
    ownSettings,
    budgets,
    modelHealth,
    outward,
    google,
    mcp,
    sandbox,
    backups,
    mail,
    files,
  }: House,
  random: () => number,
) => ({
  ...store,
  cleanText: outward.cleanText,
  setup,
  backups,
  google: google?.connection ?? null,
  mcp: mcp?.desk ?? null,
  sandbox: sandbox?.desk ?? null,
  email: mail && emailDeps(mail, { store, files }),
  ownSettings,
  defaults: () => ({ tier: models.defaultTier, autoTier: models.autoTier }),
  timeZone: config.budgets.timeZone,
  createControlId: () => randomBytes(CONTROL_ID_BYTES).toString("base64url"),
  budgetsLeft: budgets.left,
  asker,
  troubles: createTroubles({ ping: store.ping, modelHealth }),
  changelog: programChangelog,
  clock: systemClock,
  random,
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
