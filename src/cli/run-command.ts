import { ConfigError, programVersion } from "../config.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { newMasterKey } from "../lib/seal.ts";
import { backup, restore, type BackupDeps } from "./backup.ts";
import { doctor, type DoctorDeps } from "./doctor.ts";
import { exportPerson, type ExportDeps } from "./export.ts";
import { HELP } from "./help.ts";
import { importMail } from "./import-mail.ts";
import { importMemories, type ImportMemoriesDeps } from "./import-memories.ts";
import type { Machine } from "./machine.ts";
import { mcpToken } from "./mcp-token.ts";
import { move } from "./move.ts";
import { reEmbed } from "./re-embed.ts";
import { rotateKeys } from "./rotate-keys.ts";
import { serve } from "./serve.ts";
import { setup, type SetupDeps } from "./setup.ts";
import { start, type StartDeps } from "./start.ts";
import { wordsOf } from "./words-of.ts";

export type CliDeps = StartDeps &
  DoctorDeps &
  ImportMemoriesDeps &
  BackupDeps &
  SetupDeps &
  ExportDeps & { readonly machine: Machine };

/** Does what the command line says, and tells how it went. Never throws. */
export async function runCommand(deps: CliDeps, args: readonly string[]): Promise<ExitCode> {
  try {
    return await run(deps, args);
  } catch (error) {
    deps.machine.errors.write(`${wordsOf(error).join("\n")}\n`);
    return error instanceof ConfigError ? EXIT.config : EXIT.failed;
  }
}

async function run(deps: CliDeps, args: readonly string[]): Promise<ExitCode> {
  const { output, errors } = deps.machine;
  const say = (text: string): ExitCode => {
    output.write(text);
    return EXIT.ok;
  };
  const [first, ...rest] = args;
  if (first === "import" && rest[0] === "mail") return importMail(deps, rest.slice(1));
  if (first === "import") return importMemories(deps, rest);
  if (first === "export") return exportPerson(deps, rest);
  if (first === "backup") return backup(deps, rest);
  if (first === "restore") return restore(deps, rest);
  if (first === "move") return move(deps, rest);
  if (first === "serve") return serve(deps, rest);
  if (first === "mcp-token") return mcpToken(deps, rest);
  switch (args.join(" ")) {
    case "start":
      return start(deps, "start");
    case "chat":
      return start(deps, "chat");
    case "setup":
      return setup(deps);
    case "doctor":
      return doctor(deps, { json: false });
    case "doctor --json":
      return doctor(deps, { json: true });
    case "help":
    case "--help":
    case "-h":
      return say(HELP);
    case "memory re-embed":
      return reEmbed(deps);
    case "rotate-keys":
      return rotateKeys(deps);
    case "new-key":
      return say(`${newMasterKey()}\n`);
    case "version":
    case "--version":
      return say(`${programVersion()}\n`);
    default:
      errors.write(
        args.length === 0
          ? HELP
          : `clara does not understand "${args.join(" ")}". "clara help" lists what she does.\n`,
      );
      return EXIT.usage;
  }
}
