import { join, resolve } from "node:path";
import type { BudgetOptions } from "../agent/budgets.ts";
import type { TurnLimits } from "../agent/limits.ts";
import type { BudgetHolder } from "../core/stores.ts";
import type { EmbedderOptions } from "../llm/embedder.ts";
import { defaultBaseUrl } from "../llm/provider-defaults.ts";
import { toBackups, toS3 } from "./backups.ts";
import { toGoogle } from "./google.ts";
import { toMcpSignIn } from "./mcp-sign-in.ts";
import { toMail } from "./mail.ts";
import type { ProblemList } from "./problems.ts";
import { toLearner, toProviders } from "./providers.ts";
import { toSandbox } from "./sandbox.ts";
import type {
  ClaudeCodeSettings,
  Config,
  DiscordSettings,
  ImageSettings,
  MemoryOptions,
  ModelSettings,
  PersonaSource,
  SpeechSettings,
  StoreSettings,
  WebSettings,
  WebToolSettings,
} from "./shape.ts";
import type { Values } from "./variables.ts";
import { HOLDERS } from "./variables/limits.ts";

/** Of the time that the program has to stop; the rest is for closing what was opened. */
const TURNS_SHARE_OF_GRACE = 0.8;

/** What the values mean together; what does not go together goes into `problems`. */
export function toConfig(
  values: Values,
  version: string,
  problems: ProblemList,
): Omit<Config, "rooms" | "misspelt" | "unused" | "secrets" | "shown" | "mcpInstall"> {
  const graceMs = values.CLARA_GRACE_SECONDS * 1_000;
  const models = toModels(values, problems);
  const web = toWeb(values, version);
  return {
    version,
    botName: values.BOT_NAME,
    roles: values.CLARA_ROLES,
    logLevel: values.LOG_LEVEL,
    logKeptDays: values.LOG_RETENTION_DAYS,
    models,
    learner: toLearnerModels(values, models, problems),
    embedder: toEmbedder(values),
    memory: toMemory(values, problems),
    persona: toPersona(values),
    context: {
      botName: values.BOT_NAME,
      timeZone: values.DEFAULT_TIMEZONE,
      historyLimit: values.DISCORD_CHANNEL_HISTORY_LIMIT,
      dmHistoryLimit: values.DISCORD_MAX_MESSAGES,
      maxChars: values.DISCORD_MAX_CHARS,
    },
    summaryAgeMs: values.DISCORD_SUMMARY_AGE_MINUTES * 60_000,
    limits: toLimits(values, models),
    budgets: toBudgets(values),
    dataDir: values.CLARA_DATA_DIR,
    skillsDir: values.CLARA_SKILLS_DIR ?? `${values.CLARA_DATA_DIR}/skills`,
    images: toImages(values),
    claudeCode: toClaudeCode(values),
    sandbox: toSandbox(values, problems),
    store: toStore(values, problems),
    files: {
      dir: values.CLARA_FILES_DIR ?? join(values.CLARA_DATA_DIR, "files"),
      maxFileBytes: values.CLARA_MAX_FILE_SIZE,
      quotaBytes: values.CLARA_FILES_QUOTA,
      s3: values.S3_ENABLED ? toS3(values, values.S3_BUCKET, "S3_ENABLED=on", problems) : null,
    },
    reading: {
      maxTextChars: values.DISCORD_MAX_FILE_SIZE,
      maxDocumentBytes: values.DISCORD_MAX_DOCUMENT_SIZE,
      maxImageEdge: values.DISCORD_MAX_IMAGE_DIMENSION,
      maxImageBytes: values.DISCORD_MAX_IMAGE_SIZE,
    },
    speech: toSpeech(values),
    secretKeys: values.CLARA_SECRET_KEYS ?? [],
    discord: toDiscord(values, version),
    web,
    google: toGoogle(values, web, problems),
    mcp: {
      isOn: values.MCP_ENABLED,
      folder: resolve(values.CLARA_DATA_DIR, "mcp"),
      maxMemoryBytes: values.MCP_MEMORY_MB * 1024 * 1024,
      idleMs: values.MCP_IDLE_MINUTES * 60_000,
    },
    mcpSignIn: toMcpSignIn(values, web),
    mcpToken: values.CLARA_MCP_TOKEN,
    mail: toMail(values, problems),
    webTools: toWebTools(values),
    backups: toBackups(values, problems),
    grace: { turnsMs: graceMs * TURNS_SHARE_OF_GRACE, totalMs: graceMs },
    fault: values.CLARA_FAULT,
  };
}

const toModels = (values: Values, problems: ProblemList): ModelSettings => ({
  providers: toProviders(values, problems),
  fallback: values.LLM_FALLBACK ?? [],
  defaultTier: values.MODEL_TIER,
  autoTier: values.AUTO_TIER_SELECTION,
  pricesFile: values.LLM_PRICES_FILE,
  timeouts: {
    firstByteMs: values.LLM_FIRST_BYTE_TIMEOUT_SECONDS * 1_000,
    idleMs: values.LLM_IDLE_TIMEOUT_SECONDS * 1_000,
    totalMs: values.LLM_TIMEOUT_SECONDS * 1_000,
  },
});

function toLearnerModels(
  values: Values,
  models: ModelSettings,
  problems: ProblemList,
): ModelSettings | null {
  const provider = toLearner(values, problems);
  return provider && { ...models, providers: [provider], fallback: [] };
}

const toEmbedder = ({
  OPENAI_API_KEY: apiKey,
  OPENAI_BASE_URL: baseUrl,
  EMBEDDING_MODEL: model,
  EMBEDDING_MODEL_DIMS: dimensions,
}: Values): EmbedderOptions | null =>
  apiKey === null && baseUrl === null
    ? null
    : { apiKey, baseUrl: baseUrl ?? defaultBaseUrl("openai"), model, dimensions };

function toPersona({ BOT_PERSONALITY: text, BOT_PERSONALITY_FILE: path }: Values): PersonaSource {
  if (path !== null) return { kind: "file", path };
  return text === null ? { kind: "built-in" } : { kind: "text", text };
}

const toLimits = (values: Values, { providers: [first] }: ModelSettings): TurnLimits => ({
  maxSteps: values.GATEWAY_MAX_TOOL_ITERATIONS,
  maxTurnMs: values.CLARA_TURN_MAX_SECONDS * 1_000,
  maxTurnUsd: values.CLARA_TURN_MAX_USD,
  maxOutputTokens:
    (first.kind === "anthropic" ? values.ANTHROPIC_MAX_TOKENS : null) ??
    values.CLARA_MAX_OUTPUT_TOKENS,
  maxContextTokens: values.CLARA_MAX_CONTEXT_TOKENS,
  maxToolResultChars: values.DISCORD_MAX_TOOL_RESULT_CHARS,
});

const toBudgets = (values: Values): BudgetOptions => ({
  timeZone: values.DEFAULT_TIMEZONE,
  limits: HOLDERS.flatMap((name) => {
    const holder = HOLDER[name];
    const usd = values[`CLARA_BUDGET_${name}_USD`];
    const turns = values[`CLARA_BUDGET_${name}_TURNS`];
    return [
      ...(usd === null ? [] : [{ holder, unit: "usd" as const, limit: usd }]),
      ...(turns === null ? [] : [{ holder, unit: "turns" as const, limit: turns }]),
    ];
  }),
});

const HOLDER: Readonly<Record<(typeof HOLDERS)[number], BudgetHolder>> = {
  PERSON: "person",
  CHANNEL: "channel",
  GUILD: "guild",
  TOTAL: "everyone",
};

function toImages(values: Values): ImageSettings | null {
  const apiKey = values.CLARA_IMAGE_API_KEY;
  if (apiKey === null) return null;
  return {
    apiKey,
    baseUrl: values.CLARA_IMAGE_BASE_URL,
    model: values.CLARA_IMAGE_MODEL,
    imageUsd: values.CLARA_IMAGE_USD,
  };
}

/** The key for embeddings never goes to another server than theirs. */
function toSpeech(values: Values): SpeechSettings | null {
  const { TRANSCRIPTION_API_KEY: ownKey, TRANSCRIPTION_BASE_URL: ownUrl } = values;
  const apiKey = ownKey ?? (ownUrl === null ? values.OPENAI_API_KEY : null);
  if (apiKey === null && ownUrl === null) return null;
  const sharedUrl = ownKey === null ? values.OPENAI_BASE_URL : null;
  return {
    apiKey,
    baseUrl: ownUrl ?? sharedUrl ?? defaultBaseUrl("openai"),
    model: values.TRANSCRIPTION_MODEL,
    usdPerMinute: values.TRANSCRIPTION_USD_PER_MINUTE,
    maxSeconds: values.TRANSCRIPTION_MAX_SECONDS,
  };
}

/** The original's stores are only a problem when one is wanted: an old .env has them named, and switched off. */
function toMemory(values: Values, problems: ProblemList): MemoryOptions {
  const hasGraph = values.ENABLE_GRAPH_MEMORY;
  if (hasGraph && values.GRAPH_STORE_PROVIDER !== "postgres")
    problems.add(
      "GRAPH_STORE_PROVIDER",
      "must be postgres: no other graph store is supported yet. Leave it out, and the graph is kept in the database that is there",
    );
  return { hasGraph, estimatesTone: values.CLARA_MEMORY_TONE };
}

function toClaudeCode(values: Values): ClaudeCodeSettings | null {
  const root = values.CLAUDE_CODE_WORKDIR;
  if (root === null) return null;
  return {
    root,
    allowedUsers: values.CLAUDE_CODE_ALLOWED_USERS ?? new Set(),
    maxTurns: values.CLAUDE_CODE_MAX_TURNS,
    executable: values.CLAUDE_CODE_EXECUTABLE,
    apiKey: values.ANTHROPIC_API_KEY,
  };
}

function toStore(values: Values, problems: ProblemList): StoreSettings {
  if (values.DATABASE_URL !== null) return { kind: "server", url: values.DATABASE_URL };
  if (!values.CLARA_ROLES.has("worker"))
    problems.add(
      "DATABASE_URL",
      "is needed by CLARA_ROLES without worker: the embedded database serves one process only",
    );
  return { kind: "embedded", dataDir: values.CLARA_DATA_DIR };
}

function toDiscord(values: Values, version: string): DiscordSettings | null {
  const token = values.DISCORD_BOT_TOKEN;
  if (token === null) return null;
  return {
    token,
    apiBase: values.DISCORD_API_BASE,
    messageContent: values.DISCORD_MESSAGE_CONTENT,
    botName: values.BOT_NAME,
    version,
    allowedServers: values.DISCORD_ALLOWED_SERVERS ?? NONE,
    allowedChannels: values.DISCORD_ALLOWED_CHANNELS ?? NONE,
    allowedRoles: values.DISCORD_ALLOWED_ROLES ?? NONE,
    blockedUsers: values.DISCORD_BLOCKED_USERS ?? NONE,
    adminRoleId: values.CLARA_ADMIN_ROLE,
    stopPhrases: values.DISCORD_STOP_PHRASES.map((phrase) => phrase.toLowerCase()),
    maxOpen: values.DISCORD_MAX_OPEN,
    answerButtons: values.DISCORD_ANSWER_BUTTONS,
    logChannelId: values.DISCORD_LOG_CHANNEL_ID,
    clientId: values.DISCORD_CLIENT_ID,
  };
}

const NONE: ReadonlySet<string> = new Set();

function toWeb(values: Values, version: string): WebSettings | null {
  if (!values.DISCORD_MONITOR_ENABLED || !values.CLARA_ROLES.has("web")) return null;
  const host =
    values.CLARA_WEB_HOST ?? (values.RAILWAY_ENVIRONMENT === null ? "127.0.0.1" : "0.0.0.0");
  return {
    host,
    port: values.PORT ?? values.DISCORD_MONITOR_PORT,
    playground: values.CLARA_PLAYGROUND ?? isLoopback(host),
    botName: values.BOT_NAME,
    version,
  };
}

const toWebTools = (values: Values): WebToolSettings => ({
  search: {
    tavilyKey: values.TAVILY_API_KEY,
    braveKey: values.BRAVE_API_KEY,
    searxngUrl: values.SEARXNG_URL,
  },
  browser: {
    executablePath: values.CLARA_CHROMIUM,
    sessionsDir: values.BROWSER_SESSIONS_DIR ?? join(values.CLARA_DATA_DIR, "browser_sessions"),
    idleMs: values.BROWSER_SESSION_IDLE_MINUTES * 60_000,
  },
  fetchAllow: values.CLARA_FETCH_ALLOW ?? [],
  linkHosts: values.CLARA_LINK_HOSTS.map((host) => host.toLowerCase()),
});

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
