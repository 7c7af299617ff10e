import { randomUUID } from "node:crypto";
import { openLocalSandboxes } from "../app/sandbox.ts";
import { ConfigError, loadConfig, type Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import { createLog } from "../lib/log.ts";
import { runTogether } from "../lib/run-together.ts";
import { createNet } from "../net/index.ts";
import { createSandboxService } from "../sandbox/index.ts";
import type { Machine } from "./machine.ts";

/** Requests at the same time. */
const MAX_REQUESTS = 64;
/** A key that can be guessed is none. */
const MIN_KEY_CHARS = 16;

/** `clara serve sandbox`: code runs in this machine's Docker, for Clara on another machine. Until the signal. */
export async function serveSandbox(
  { machine }: { readonly machine: Machine },
  { port }: { readonly port: number | null },
  signal: AbortSignal,
): Promise<void> {
  const config = loadConfig(machine.env);
  const { settings, keys } = servable(config);
  const log = createLog(
    { level: config.logLevel, secrets: () => [...config.secrets, ...keys] },
    machine.errors,
  );
  const net = createNet({ clock: systemClock, createSecret: randomUUID }, config.webTools);
  const workspaces = openLocalSandboxes({ log, findHost: net.findWebHost }, settings);
  const health = await workspaces.health(signal);
  for (const warning of health.kind === "works" ? health.warnings : [health.words])
    log.warn({ warning }, "sandbox-warning");
  const service = createSandboxService(
    { workspaces, log },
    {
      ...settings.service,
      port: port ?? settings.service.port,
      maxFileBytes: settings.limits.fileBytes,
      packages: settings.packages,
      maxRequests: MAX_REQUESTS,
    },
  );
  await runTogether([workspaces, service], signal);
}

function servable({ sandbox }: Config) {
  const keys = sandbox?.service.keys ?? [];
  if (sandbox === null)
    throw new ConfigError([
      { name: "SANDBOX_MODE", says: "is off, so that there is nothing to serve" },
    ]);
  if (keys.length === 0 || keys.some((key) => key.length < MIN_KEY_CHARS))
    throw new ConfigError([
      {
        name: "SANDBOX_API_KEY",
        says: `has to be set, with at least ${MIN_KEY_CHARS} characters: openssl rand -hex 24 makes one`,
      },
    ]);
  return { settings: sandbox, keys };
}
