import { CLOCK_POINTS, FAULT_POINTS, MAIL_POINTS } from "../../core/fault.ts";
import {
  anyText,
  dollars,
  flag,
  hostName,
  masterKeys,
  httpUrl,
  killPoint,
  oneOf,
  postgresUrl,
  someOf,
  timeZone,
  wholeNumber,
} from "../parsers.ts";
import { optional, secret, withDefault } from "../variable.ts";

export const ROLES = ["gateway", "worker", "mail", "web"] as const;

export const identityVariables = {
  BOT_NAME: withDefault("Clara", "What she is called", anyText),
  BOT_PERSONALITY: optional(
    "Who she is, in your words; {name} stands for BOT_NAME. Not set: src/agent/prompts/persona.md",
    anyText,
  ),
  BOT_PERSONALITY_FILE: optional("The same in a file, which wins", anyText),
  DEFAULT_TIMEZONE: withDefault(
    "America/New_York",
    "The clock in her prompts, and where the day of a budget begins",
    timeZone,
  ),
};

export const storeVariables = {
  CLARA_DATA_DIR: {
    ...withDefault("./data", "Where the embedded database and other files live", anyText),
    oldName: "DATA_DIR",
  },
  DATABASE_URL: secret(
    "PostgreSQL instead of the embedded database: postgresql://user:password@host:5432/name",
    postgresUrl,
  ),
  CLARA_SECRET_KEYS: {
    ...optional(
      "What seals the keys and passwords that people enter; `clara new-key` prints one. To change it, put the new one first: new,old. Not set: a file beside the embedded database; with DATABASE_URL nothing can be kept",
      masterKeys,
    ),
    isSecret: true,
  },
};

export const skillVariables = {
  CLARA_SKILLS_DIR: optional(
    "A folder of skills: one folder each, with a SKILL.md. Not set: skills in CLARA_DATA_DIR",
    anyText,
  ),
};

export const imageVariables = {
  CLARA_IMAGE_API_KEY: secret("A key for pictures; with it she can make some"),
  CLARA_IMAGE_BASE_URL: withDefault(
    "https://api.openai.com/v1",
    "A service with OpenAI's interface for images",
    httpUrl,
  ),
  CLARA_IMAGE_MODEL: withDefault("gpt-image-1", "The model for pictures", anyText),
  CLARA_IMAGE_USD: optional("What one picture costs, for the budgets", dollars),
};

export const webVariables = {
  DISCORD_MONITOR_ENABLED: withDefault(
    "on",
    "Whether there is a web page at all: playground and health",
    flag,
  ),
  DISCORD_MONITOR_PORT: withDefault("8001", "The port of the web page", wholeNumber(0, 65_535)),
  PORT: {
    ...optional(
      "The port of the web page, as hosting platforms name it; wins",
      wholeNumber(0, 65_535),
    ),
    setBy: "platform" as const,
  },
  CLARA_WEB_HOST: optional(
    "The address of the web page. Not set: 127.0.0.1, which only this machine can reach; 0.0.0.0 on Railway",
    hostName,
  ),
  CLARA_API_URL: optional(
    "Where browsers reach the web page from outside, for links to it: https://clara.example.com",
    httpUrl,
  ),
  CLARA_PLAYGROUND: optional(
    "Whether people may talk to her in the browser, without any sign-in. Not set: only on 127.0.0.1",
    flag,
  ),
  RAILWAY_ENVIRONMENT: {
    ...optional("Set by Railway; its proxy must reach the web page", anyText),
    setBy: "platform" as const,
  },
};

export const runningVariables = {
  LOG_LEVEL: withDefault(
    "info",
    "debug, info, warn or error",
    oneOf(["debug", "info", "warn", "error"], {
      trace: "debug",
      warning: "warn",
      critical: "error",
      fatal: "error",
    }),
  ),
  LOG_RETENTION_DAYS: withDefault(
    "30",
    "How long warnings, errors and a line for each answer are kept in the store, in days",
    wholeNumber(1, 3_650),
  ),
  CLARA_ROLES: withDefault(
    "all",
    "What this process does: all, or some of gateway,worker,mail,web. Several processes need DATABASE_URL",
    someOf(ROLES),
  ),
  CLARA_GRACE_SECONDS: withDefault(
    "10",
    "How long she may take to finish when she is told to stop",
    wholeNumber(1, 600),
  ),
  CLARA_FAULT: {
    ...optional(
      "Kills the program at a point of src/core/fault.ts",
      killPoint([...FAULT_POINTS, ...CLOCK_POINTS, ...MAIL_POINTS]),
    ),
    setBy: "test" as const,
  },
};
