import type { Config } from "./shape.ts";

/** What is there in this house: printed at start and shown by /health, so never an address, a path or a name. */
export interface RoomState {
  readonly name:
    | "models"
    | "store"
    | "discord"
    | "web"
    | "memory"
    | "speech"
    | "google"
    | "backups"
    | "mcp"
    | "sandbox"
    | "mail"
    | "budgets";
  readonly isOn: boolean;
  /** What it is when it is on, why not when it is off. */
  readonly says: string;
  /** What turns it on, or makes more of it; null when there is nothing to add. */
  readonly advice: string | null;
}

type Rooms = Omit<Config, "rooms" | "misspelt" | "unused" | "secrets" | "shown" | "mcpInstall">;

export const describeRooms = (config: Rooms): readonly RoomState[] => [
  modelsState(config),
  storeState(config),
  discordState(config),
  webState(config),
  memoryState(config),
  speechState(config),
  googleState(config),
  backupsState(config),
  mcpState(config),
  sandboxState(config),
  mailState(config),
  budgetsState(config),
];

function modelsState({ models: { providers, fallback } }: Rooms): RoomState {
  const [first] = providers;
  if (first.kind === "demo") {
    return {
      name: "models",
      isOn: true,
      says: "a demo model answers, from a small script",
      advice: "set the key of a provider, for example ANTHROPIC_API_KEY or OPENROUTER_API_KEY",
    };
  }
  const name = first.kind === "anthropic" ? "anthropic" : first.name;
  const then = fallback.length > 0 ? `, then ${fallback.join(", ")}` : "";
  return { name: "models", isOn: true, says: `${name} answers${then}`, advice: null };
}

function storeState({ store }: Rooms): RoomState {
  return store.kind === "server"
    ? { name: "store", isOn: true, says: "PostgreSQL", advice: null }
    : {
        name: "store",
        isOn: true,
        says: "embedded; it survives a crash, not a power cut",
        advice: "set DATABASE_URL for PostgreSQL",
      };
}

function discordState({ discord, roles }: Rooms): RoomState {
  if (discord === null) {
    return {
      name: "discord",
      isOn: false,
      says: "DISCORD_BOT_TOKEN is not set",
      advice: "make a bot at https://discord.com/developers/applications and set its token",
    };
  }
  if (!roles.has("gateway"))
    return { name: "discord", isOn: true, says: "answers only, by CLARA_ROLES", advice: null };
  return discord.messageContent
    ? { name: "discord", isOn: true, says: "all messages", advice: null }
    : {
        name: "discord",
        isOn: true,
        says: "mentions, replies and DMs only",
        advice: "set DISCORD_MESSAGE_CONTENT=on, with that intent switched on for the bot",
      };
}

function sandboxState({ sandbox }: Rooms): RoomState {
  if (sandbox === null)
    return {
      name: "sandbox",
      isOn: false,
      says: "switched off",
      advice: "set SANDBOX_MODE=auto, for code that runs in Docker",
    };
  const { mode, remote } = sandbox;
  const where = remote === null || mode === "local" ? "in Docker here" : "on another machine";
  const says = mode === "auto" ? `code runs ${where}, if it answers` : `code runs ${where}`;
  return { name: "sandbox", isOn: true, says, advice: null };
}

function webState({ web, roles }: Rooms): RoomState {
  if (web === null) {
    return roles.has("web")
      ? {
          name: "web",
          isOn: false,
          says: "switched off",
          advice: "set DISCORD_MONITOR_ENABLED=on",
        }
      : { name: "web", isOn: false, says: "not in CLARA_ROLES", advice: "add web to CLARA_ROLES" };
  }
  return web.playground
    ? { name: "web", isOn: true, says: "playground and health", advice: null }
    : {
        name: "web",
        isOn: true,
        says: "health only",
        advice: "set CLARA_PLAYGROUND=on if everybody who can reach it may talk to her",
      };
}

function memoryState({ embedder, learner, models }: Rooms): RoomState {
  const isDemo = learner === null && models.providers[0].kind === "demo";
  return {
    name: "memory",
    isOn: true,
    says: `${isDemo ? "learns what it is asked to remember" : "learns from what people say"}; found by ${embedder === null ? "words" : "words and meaning"}`,
    advice:
      embedder === null
        ? "set OPENAI_API_KEY or OPENAI_BASE_URL, so that memories are found by meaning, too"
        : null,
  };
}

const speechState = ({ speech }: Rooms): RoomState =>
  speech === null
    ? {
        name: "speech",
        isOn: false,
        says: "voice messages are not heard: no key for transcriptions",
        advice:
          "set TRANSCRIPTION_API_KEY or OPENAI_API_KEY, or TRANSCRIPTION_BASE_URL of a server",
      }
    : { name: "speech", isOn: true, says: "voice messages and recordings are heard", advice: null };

const googleState = ({ google }: Rooms): RoomState =>
  google.isOn
    ? { name: "google", isOn: true, says: "people can connect their own", advice: null }
    : { name: "google", ...google };

function backupsState({ backups: { schedule, keptDays, place } }: Rooms): RoomState {
  const where = place.kind === "folder" ? "on this machine" : "in a bucket";
  return schedule === null
    ? {
        name: "backups",
        isOn: false,
        says: "no copies are made by themselves",
        advice: "set BACKUP_CRON_SCHEDULE, for example to 0 3 * * *",
      }
    : {
        name: "backups",
        isOn: true,
        says: `copies at ${schedule.cron}, kept ${keptDays} days ${where}`,
        advice: null,
      };
}
const mcpState = ({ mcp }: Rooms): RoomState =>
  mcp.isOn
    ? { name: "mcp", isOn: true, says: "plug-ins can bring more tools", advice: null }
    : { name: "mcp", isOn: false, says: "switched off", advice: "set MCP_ENABLED=on" };
const mailState = ({ mail, roles }: Rooms): RoomState => {
  if (!mail.isOn) return { name: "mail", isOn: false, says: mail.says, advice: mail.advice };
  const own = mail.own === null ? "" : "; she has one of her own";
  return roles.has("mail")
    ? { name: "mail", isOn: true, says: `people's mailboxes are watched${own}`, advice: null }
    : {
        name: "mail",
        isOn: true,
        says: "people can connect mailboxes; another process watches them, by CLARA_ROLES",
        advice: null,
      };
};

function budgetsState({ budgets }: Rooms): RoomState {
  return budgets.limits.length > 0
    ? {
        name: "budgets",
        isOn: true,
        says: `${budgets.limits.length} a day, in ${budgets.timeZone}`,
        advice: null,
      }
    : {
        name: "budgets",
        isOn: false,
        says: "nothing limits what she may spend",
        advice: "set CLARA_BUDGET_TOTAL_USD, or another of the CLARA_BUDGET variables",
      };
}
