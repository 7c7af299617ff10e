import { ConfigError, loadConfig, type Config } from "../config.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { createLog } from "../lib/log.ts";
import { createSecretFilter, IN_LOGS } from "../lib/secret-filter.ts";
import type { ModelsDeps } from "../llm/models.ts";
import type { inspectDatabase } from "../store/inspect.ts";
import { runChecks, type Check } from "./doctor/check.ts";
import { checkClock } from "./doctor/clock.ts";
import { checkConfiguration } from "./doctor/configuration.ts";
import { checkDatabase } from "./doctor/database.ts";
import { checkDiscordRoom } from "./doctor/discord.ts";
import { checkDisk } from "./doctor/disk.ts";
import { checkFileStore } from "./doctor/file-store.ts";
import { checkFiles } from "./doctor/files.ts";
import { checkGoogle } from "./doctor/google.ts";
import { checkModels } from "./doctor/models.ts";
import { checkNode } from "./doctor/node.ts";
import { checkSandbox } from "./doctor/sandbox.ts";
import { checkWebTools } from "./doctor/web-tools.ts";
import { toText } from "./doctor/report.ts";
import type { Machine } from "./machine.ts";

/** One check may take this long; they run side by side. */
const CHECK_TIMEOUT_MS = 20_000;

export interface DoctorDeps extends Omit<ModelsDeps, "log"> {
  readonly inspectDatabase: typeof inspectDatabase;
  readonly checkTimeoutMs?: number;
}

/** Looks at everything she needs and says what is wrong and what to do. Changes nothing. Fails when something is broken. */
export async function doctor(
  deps: DoctorDeps & { readonly machine: Machine },
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const config = readConfig(deps.machine);
  const diagnoses = await runChecks(
    [
      checkConfiguration(config),
      checkNode({ version: deps.machine.nodeVersion }),
      ...(config instanceof ConfigError ? [] : checksOf(deps, config)),
    ],
    deps.checkTimeoutMs ?? CHECK_TIMEOUT_MS,
  );
  const secrets = () => (config instanceof ConfigError ? [] : config.secrets);
  const clean = createSecretFilter(secrets, IN_LOGS).whole;
  const report = json ? `${JSON.stringify(diagnoses, null, 2)}\n` : toText(diagnoses);
  deps.machine.output.write(clean(report));
  return diagnoses.some(({ verdict }) => verdict === "broken") ? EXIT.failed : EXIT.ok;
}

function readConfig({ env }: Machine): Config | ConfigError {
  try {
    return loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function checksOf(
  deps: DoctorDeps & { readonly machine: Machine },
  config: Config,
): readonly Check[] {
  // Its own words are for the log; whoever wants to see them asks for all of it.
  const level = config.logLevel === "debug" ? "debug" : "silent";
  const log = createLog({ level, secrets: () => config.secrets }, deps.machine.errors);
  return [
    checkFiles(config),
    checkDatabase({ inspect: (store) => deps.inspectDatabase({ log }, store) }, config),
    checkDisk(config),
    checkFileStore(deps, config),
    ...checkModels({ ...deps, log }, config),
    ...checkDiscordRoom(deps, config),
    ...checkWebTools(config),
    checkGoogle(config),
    checkSandbox(deps, config),
    checkClock(deps, config),
  ];
}
