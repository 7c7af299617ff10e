import { loadConfig } from "../config.ts";
import { createKnownSecrets } from "../lib/known-secrets.ts";
import { createLog } from "../lib/log.ts";
import { runTogether } from "../lib/run-together.ts";
import { WrongSettings } from "../lib/wrong-settings.ts";
import { createLogTap } from "../telemetry/log-tap.ts";
import type { ServeDeps, ServeOptions } from "./serve.ts";

/** Of this machine alone: by plain HTTP a token would be read by whoever stands in between. */
const HOST = "127.0.0.1";
/** What this program is, whatever the settings say for the one that serves Discord. */
const AS_WORKER = { CLARA_ROLES: "worker", DISCORD_MONITOR_ENABLED: "off" };

/** `clara serve mcp`: a person's memory, files and reminders, and Clara herself, for that person's own programs. */
export async function serveMcp(
  { machine, createApp }: ServeDeps,
  { port }: ServeOptions,
  signal: AbortSignal,
): Promise<void> {
  const configure = (entered: Readonly<Record<string, string>>) =>
    loadConfig({ ...entered, ...machine.env, ...AS_WORKER });
  const config = configure({});
  const known = createKnownSecrets(config.secrets);
  const secrets = known.all;
  const tap = createLogTap();
  const write = (line: string) => {
    // On standard output there is nothing but the protocol.
    machine.errors.write(line);
    tap.write(line);
  };
  const log = createLog({ level: config.logLevel, secrets }, { write });
  const { input, output } = machine;
  const parts = { log, tap, secrets, mode: "start", input, output, configure } as const;
  await using app = await createApp(config, parts);
  if (!app.openDoor) throw new Error("This house has no door for programs.");
  const door = await app.openDoor();
  const service = {
    name: "mcp-door",
    async run(stop: AbortSignal) {
      if (port === null) {
        const holder = await door.holderOf(config.mcpToken ?? "");
        if (holder === null) throw new WrongSettings(NO_TOKEN);
        const { serveDoorStdio } = await import("../mcp/serve/stdio.ts");
        return serveDoorStdio({ door, log }, holder, { input, output }, stop);
      }
      const { createDoorHttp, serveDoorHttp } = await import("../mcp/serve/http.ts");
      const http = createDoorHttp({ door, log }, { hosts: [] });
      const onOpen = (address: string) => log.info({ address }, "mcp-door-open");
      return serveDoorHttp(http, { host: HOST, port, onOpen }, stop);
    },
  };
  await runTogether([...app.services, service], signal);
}

const NO_TOKEN =
  "CLARA_MCP_TOKEN is not a token that is good: make one with `clara mcp-token ID`, or with /clara token in Discord, and set it for this program.";
