import type { App, AppParts } from "../app.ts";
import { bannerOf, loadConfig, type Config } from "../config.ts";
import { asError } from "../lib/as-error.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { createKnownSecrets } from "../lib/known-secrets.ts";
import { createLog, isError } from "../lib/log.ts";
import { runTogether } from "../lib/run-together.ts";
import { createSecretFilter, IN_LOGS } from "../lib/secret-filter.ts";
import { createLogTap } from "../telemetry/log-tap.ts";
import { stopOnSignals } from "../lib/stop-on-signals.ts";
import { isWrongSettings } from "../lib/wrong-settings.ts";
import type { Machine } from "./machine.ts";
import { wordsOf } from "./words-of.ts";

export interface StartDeps {
  readonly createApp: (config: Config, parts: AppParts) => Promise<App>;
}

/**
 * Runs her until she is told to stop, or until the person in the terminal leaves. What breaks is told after everything
 * is closed. Throws ConfigError, before anything is opened.
 */
export async function start(
  { createApp, machine }: StartDeps & { readonly machine: Machine },
  mode: AppParts["mode"],
): Promise<ExitCode> {
  const config = loadConfig(machine.env);
  const known = createKnownSecrets(config.secrets);
  const secrets = known.all;
  const tap = createLogTap();
  const write = (line: string) => {
    // In a chat only what somebody must see comes between the lines.
    if (mode === "start") machine.output.write(line);
    else if (isError(line)) machine.errors.write(line);
    tap.write(line);
  };
  const log = createLog({ level: config.logLevel, secrets }, { write });
  const signal = stopOnSignals({ ...machine, graceMs: config.grace.totalMs });
  const { input, output } = machine;
  try {
    const configure = (entered: Readonly<Record<string, string>>) => {
      const wanted = loadConfig({ ...entered, ...withoutEmpty(machine.env) });
      // Before anything uses them: an SDK may quote a key when it is wrong.
      known.add(wanted.secrets);
      return wanted;
    };
    await using app = await createApp(config, {
      log,
      tap,
      secrets,
      mode,
      input,
      output,
      configure,
    });
    if (mode === "start") output.write(`${bannerOf(config).join("\n")}\n`);
    await runTogether(app.services, signal);
    return EXIT.ok;
  } catch (error) {
    // A person gets the words; whoever has to mend it needs the stack.
    if (mode === "start") log.error({ error: asError(error) }, "stopped");
    machine.errors.write(
      `${wordsOf(error).map(createSecretFilter(secrets, IN_LOGS).whole).join("\n")}\n`,
    );
    return isWrongSettings(error) ? EXIT.config : EXIT.failed;
  }
}

/** An empty line of a settings file says nothing, and hides nothing that was entered. */
const withoutEmpty = (env: Machine["env"]): Machine["env"] =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ""));
