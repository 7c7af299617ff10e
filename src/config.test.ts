import { describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";
import { variables } from "./config/variables.ts";

/** What the environment is refused for; empty when it is not. */
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ name, says }) => `${name} ${says}`);
  }
}

const providersOf = (env: Record<string, string>) =>
  loadConfig(env).models.providers.map((provider) =>
    provider.kind === "openai-compatible" ? provider.name : provider.kind,
  );

test("an empty environment is a whole Clara: demo model, embedded store, playground for this machine only", () => {
  const config = loadConfig({});

  expect(config.models.providers).toEqual([{ kind: "demo", delayMs: 20 }]);
  expect(config.store).toEqual({ kind: "embedded", dataDir: "./data" });
  expect(config.web).toMatchObject({ host: "127.0.0.1", port: 8001, playground: true });
  expect(config.discord).toBeNull();
  expect(config.roles).toEqual(new Set(["gateway", "worker", "mail", "web"]));
  expect(config.version).toMatch(/^\d+\.\d+\.\d+$/);
});

describe("memory", () => {
  test("is found by words alone until there is somebody to make embeddings", () => {
    expect(loadConfig({}).embedder).toBeNull();
    expect(loadConfig({ OPENAI_API_KEY: "k" }).embedder).toEqual({
      apiKey: "k",
      baseUrl: "https://api.openai.com/v1",
      model: "text-embedding-3-small",
      dimensions: null,
    });
    expect(
      loadConfig({ OPENAI_API_BASE: "http://127.0.0.1:1/v1", EMBEDDING_MODEL_DIMS: "64" }).embedder,
    ).toMatchObject({ apiKey: null, baseUrl: "http://127.0.0.1:1/v1", dimensions: 64 });
  });

  test("learns with the low tier, or with a model of its own", () => {
    expect(loadConfig({ ANTHROPIC_API_KEY: "a" }).learner).toBeNull();
    const own = { MEM0_PROVIDER: "openrouter", MEM0_MODEL: "small", MEM0_API_KEY: "m" };
    expect(loadConfig({ ANTHROPIC_API_KEY: "a", ...own }).learner?.providers).toMatchObject([
      { kind: "openai-compatible", name: "openrouter", apiKey: "m", models: { low: "small" } },
    ]);
    expect(
      loadConfig({ OPENROUTER_API_KEY: "o", MEM0_PROVIDER: "openrouter" }).learner?.providers[0],
    ).toMatchObject({ apiKey: "o" });
  });

  test("that lacks a key, or a provider, is told", () => {
    expect(problemsOf({ MEM0_PROVIDER: "anthropic" })).toEqual([
      "MEM0_API_KEY is needed by MEM0_PROVIDER=anthropic, or ANTHROPIC_API_KEY",
    ]);
    expect(problemsOf({ MEM0_MODEL: "small" })).toEqual([
      expect.stringContaining("MEM0_PROVIDER must say whose model learns"),
    ]);
  });
});

test("a graph is kept where there is a database for it, and the original's stores are refused when one is wanted", () => {
  expect(loadConfig({ GRAPH_STORE_PROVIDER: "neo4j" }).memory.hasGraph).toBe(false);
  expect(loadConfig({ ENABLE_GRAPH_MEMORY: "true" }).memory.hasGraph).toBe(true);
  expect(problemsOf({ ENABLE_GRAPH_MEMORY: "true", GRAPH_STORE_PROVIDER: "neo4j" })).toEqual([
    expect.stringMatching(/^GRAPH_STORE_PROVIDER must be postgres: no other.*Leave it out/),
  ]);
});

describe("problems", () => {
  test("are told all at once, each with its name and what would be right", () => {
    const problems = problemsOf({
      DISCORD_MAX_MESSAGES: "many",
      DEFAULT_TIMEZONE: "Mars/Base",
      LOG_LEVEL: "loud",
      CLARA_BUDGET_TOTAL_USD: "0",
      CLARA_ROLES: "gateway,cook",
    });

    expect(problems).toEqual([
      'DEFAULT_TIMEZONE must be a time zone such as Europe/Berlin, America/New_York or UTC (now "Mars/Base")',
      'DISCORD_MAX_MESSAGES must be a whole number from 1 to 500 (now "many")',
      'CLARA_BUDGET_TOTAL_USD must be an amount above 0 such as 2.50, or left out for no limit (now "0")',
      'LOG_LEVEL must be debug, info, warn or error (now "loud")',
      'CLARA_ROLES must be all, or some of gateway,worker,mail,web (now "gateway,cook")',
    ]);
  });

  test("never hold a secret, nor a key that went into the wrong variable", () => {
    const key = "sk-live-7f3a9c1e5b2d8f60 a4c7e9";
    const secrets = Object.entries(variables).filter(([, { isSecret }]) => isSecret);
    const misplaced = ["LLM_PROVIDER", "DISCORD_CLIENT_ID", "CUSTOM_OPENAI_BASE_URL", "LOG_LEVEL"];
    const names = [...secrets.map(([name]) => name), ...misplaced];

    const problems = problemsOf(Object.fromEntries(names.map((name) => [name, key])));

    expect(problems).toHaveLength(names.length);
    expect(problems.filter((problem) => /sk-|7f3a|a4c7/.test(problem))).toEqual([]);
  });

  test("of an address do not show the password in it", () => {
    const [problem] = problemsOf({ ANTHROPIC_BASE_URL: "http://me:pw@host" });

    expect(problem).toBe("ANTHROPIC_BASE_URL must not hold a user name or password");
  });

  test("are told once per variable, not for their consequences too", () => {
    expect(problemsOf({ LLM_PROVIDER: "anthropic", ANTHROPIC_API_KEY: "two words" })).toEqual([
      "ANTHROPIC_API_KEY holds white space or letters that no key has; copy it once more",
    ]);
  });

  test("stand in the error's message, so that it can be printed as it is", () => {
    expect(() => loadConfig({ LOG_LEVEL: "loud", CLARA_GRACE_SECONDS: "0" })).toThrow(
      /settings need a look.*\n {2}LOG_LEVEL must.*\n {2}CLARA_GRACE_SECONDS must/,
    );
  });
});

describe("values", () => {
  test.each([
    ["white space", "  Ada  "],
    ["quotes", '"Ada"'],
    ["single quotes", "'Ada'"],
    ["a line end from Windows", "Ada\r"],
    ["a byte order mark", "\uFEFFAda"],
    ["all of these", '\uFEFF  " Ada "\r\n'],
  ])("are read without %s", (_, text) => {
    expect(loadConfig({ BOT_NAME: text }).botName).toBe("Ada");
  });

  test.each([[""], ["   "], ['""'], ["\r"], ["\uFEFF"]])("such as %j are no values", (text) => {
    expect(loadConfig({ BOT_NAME: text }).botName).toBe("Clara");
  });

  test("are found behind a byte order mark at the beginning of their file", () => {
    expect(loadConfig({ "\uFEFFBOT_NAME": "Ada" }).botName).toBe("Ada");
  });

  test("keep quotes that are not around them", () => {
    expect(loadConfig({ BOT_NAME: '"Ada' }).botName).toBe('"Ada');
  });

  test.each([
    ["DISCORD_MAX_MESSAGES", "-1"],
    ["DISCORD_MAX_MESSAGES", "1e2"],
    ["DISCORD_MAX_MESSAGES", "10.5"],
    ["DISCORD_MAX_MESSAGES", "501"],
    ["CLARA_TURN_MAX_USD", "1,50"],
    ["CLARA_TURN_MAX_USD", "Infinity"],
    ["AUTO_TIER_SELECTION", "maybe"],
    ["PORT", "65536"],
    ["CUSTOM_OPENAI_BASE_URL", "localhost:11434"],
    ["CUSTOM_OPENAI_BASE_URL", "ftp://host"],
    ["DATABASE_URL", "mysql://host/name"],
    ["DATABASE_URL", "sqlite:///assistant.db"],
    ["DATABASE_URL", "postgresql://me:100%@host/name"],
    ["CLARA_WEB_HOST", "http://0.0.0.0"],
    ["OPENROUTER_TITLE", "Clara – mine"],
    ["DISCORD_ALLOWED_SERVERS", "123456789012345678,my server"],
    ["DISCORD_ALLOWED_CHANNELS", ","],
    ["CLARA_FAULT", "turn.nowhere"],
    ["CLARA_FAULT", "turn.finished:0"],
    ["CLARA_FAULT", "turn.finished:1:2"],
  ])("%s=%s is refused", (name, text) => {
    expect(problemsOf({ [name]: text })).toEqual([expect.stringMatching(`^${name} `)]);
  });

  test.each([
    ["on", true],
    ["TRUE", true],
    ["1", true],
    ["Yes", true],
    ["off", false],
    ["False", false],
    ["0", false],
    ["no", false],
  ])("%s is understood as %s", (text, meant) => {
    expect(loadConfig({ AUTO_TIER_SELECTION: text }).models.autoTier).toBe(meant);
  });
});

describe("who answers", () => {
  test.each([
    ["OPENROUTER_API_KEY", "openrouter"],
    ["NANOGPT_API_KEY", "nanogpt"],
    ["CUSTOM_OPENAI_API_KEY", "openai"],
    ["ANTHROPIC_API_KEY", "anthropic"],
  ])("with only %s is %s", (key, provider) => {
    expect(providersOf({ [key]: "k" })).toEqual([provider]);
  });

  test("is openrouter, as in the original, when it is one of several with a key", () => {
    const keys = { ANTHROPIC_API_KEY: "a", OPENROUTER_API_KEY: "o", NANOGPT_API_KEY: "n" };

    expect(providersOf(keys)).toEqual(["openrouter", "nanogpt", "anthropic"]);
  });

  test("must be said when several others have a key", () => {
    const keys = { ANTHROPIC_API_KEY: "a", NANOGPT_API_KEY: "n" };

    expect(problemsOf(keys)).toEqual([
      "LLM_PROVIDER must say who answers, since several have a key: nanogpt, anthropic",
    ]);
    expect(providersOf({ ...keys, LLM_PROVIDER: "anthropic" })).toEqual(["anthropic", "nanogpt"]);
  });

  test("needs a key", () => {
    expect(problemsOf({ LLM_PROVIDER: "nanogpt" })).toEqual([
      "NANOGPT_API_KEY is needed by LLM_PROVIDER=nanogpt",
    ]);
  });

  test("needs no key on a server of one's own", () => {
    const config = loadConfig({
      CUSTOM_OPENAI_BASE_URL: "http://localhost:11434/v1/",
      CUSTOM_OPENAI_MODEL: "qwen3",
      CF_ACCESS_CLIENT_ID: "id",
      CF_ACCESS_CLIENT_SECRET: "secret",
    });

    expect(config.models.providers).toEqual([
      {
        kind: "openai-compatible",
        name: "openai",
        apiKey: "",
        baseUrl: "http://localhost:11434/v1",
        models: { base: "qwen3", high: null, mid: null, low: null },
        contextTokens: null,
        headers: { "CF-Access-Client-Id": "id", "CF-Access-Client-Secret": "secret" },
      },
    ]);
  });

  test("is sent Cloudflare's headers only at an address of one's own", () => {
    const access = { CF_ACCESS_CLIENT_ID: "id", CF_ACCESS_CLIENT_SECRET: "secret" };
    const keys = { CUSTOM_OPENAI_API_KEY: "o", ANTHROPIC_API_KEY: "a", LLM_PROVIDER: "anthropic" };

    const { providers } = loadConfig({
      ...keys,
      ...access,
      ANTHROPIC_BASE_URL: "https://tunnel.example",
    }).models;

    expect(providers.map((provider) => "headers" in provider && provider.headers)).toEqual([
      { "CF-Access-Client-Id": "id", "CF-Access-Client-Secret": "secret" },
      {},
    ]);
  });

  test("is the demo model when that is asked for, whatever keys there are", () => {
    expect(providersOf({ LLM_PROVIDER: "demo", ANTHROPIC_API_KEY: "a" })).toEqual([
      "demo",
      "anthropic",
    ]);
  });

  test("is followed by the providers of LLM_FALLBACK, which must be set up", () => {
    const keys = { ANTHROPIC_API_KEY: "a", LLM_PROVIDER: "anthropic" };

    expect(problemsOf({ ...keys, LLM_FALLBACK: "openrouter/anthropic/claude-haiku-4.5" })).toEqual([
      "LLM_FALLBACK names openrouter, which needs OPENROUTER_API_KEY",
    ]);
    expect(
      loadConfig({
        ...keys,
        OPENROUTER_API_KEY: "o",
        LLM_FALLBACK: " openrouter/anthropic/claude-haiku-4.5 , openrouter ",
      }).models.fallback,
    ).toEqual(["openrouter/anthropic/claude-haiku-4.5", "openrouter"]);
    expect(problemsOf({ ...keys, LLM_FALLBACK: "demo" })).toHaveLength(1);
  });

  test("by Anthropic has Anthropic's own settings", () => {
    const config = loadConfig({
      ANTHROPIC_API_KEY: "a",
      ANTHROPIC_MODEL_HIGH: "claude-x",
      ANTHROPIC_THINKING: "Adaptive",
      ANTHROPIC_EFFORT: "high",
      ANTHROPIC_MAX_TOKENS: "2000",
      ANTHROPIC_BASE_URL: "https://proxy.example",
    });

    expect(config.models.providers[0]).toMatchObject({
      kind: "anthropic",
      baseUrl: "https://proxy.example",
      models: { high: "claude-x", base: null },
      thinking: "adaptive",
      effort: "high",
    });
    expect(config.limits.maxOutputTokens).toBe(2_000);
  });

  test("by another provider is not held to Anthropic's settings", () => {
    const config = loadConfig({ OPENROUTER_API_KEY: "o", ANTHROPIC_MAX_TOKENS: "2000" });

    expect(config.limits.maxOutputTokens).toBe(8_192);
  });
});

describe("Discord", () => {
  test("gets what the original's variables say", () => {
    const config = loadConfig({
      DISCORD_BOT_TOKEN: "t",
      DISCORD_ALLOWED_SERVERS: "111111111111111111, 222222222222222222,",
      DISCORD_STOP_PHRASES: "Halt, Stop IT",
      CLARA_ADMIN_ROLE: "333333333333333333",
      DISCORD_MESSAGE_CONTENT: "off",
    });

    expect(config.discord).toMatchObject({
      token: "t",
      apiBase: null,
      allowedServers: new Set(["111111111111111111", "222222222222222222"]),
      allowedChannels: new Set(),
      adminRoleId: "333333333333333333",
      stopPhrases: ["halt", "stop it"],
      messageContent: false,
    });
  });

  test("wants the id of the admin role, not the name that the original had", () => {
    expect(problemsOf({ CLARA_ADMIN_ROLE: "Clara-Admin" })).toEqual([
      expect.stringMatching(/^CLARA_ADMIN_ROLE must be an id.*Copy ID \(now "Clara-Admin"\)$/),
    ]);
  });
});

describe("the web page", () => {
  test("has its playground only where this machine alone can reach it", () => {
    expect(loadConfig({ CLARA_WEB_HOST: "0.0.0.0" }).web?.playground).toBe(false);
    expect(loadConfig({ CLARA_WEB_HOST: "::1" }).web?.playground).toBe(true);
    expect(loadConfig({ CLARA_WEB_HOST: "0.0.0.0", CLARA_PLAYGROUND: "on" }).web?.playground).toBe(
      true,
    );
  });

  test("is opened to Railway's proxy, on Railway's port", () => {
    const env = { PORT: "4000", RAILWAY_ENVIRONMENT: "production", DISCORD_MONITOR_PORT: "8001" };

    expect(loadConfig(env).web).toMatchObject({ host: "0.0.0.0", port: 4_000, playground: false });
  });

  test("can be switched off, and is not there in a process with other roles", () => {
    expect(loadConfig({ DISCORD_MONITOR_ENABLED: "false" }).web).toBeNull();
    expect(loadConfig({ CLARA_ROLES: "gateway,worker" }).web).toBeNull();
  });
});

test("a process without the worker's role needs a database that several can share", () => {
  expect(problemsOf({ CLARA_ROLES: "gateway" })).toEqual([
    "DATABASE_URL is needed by CLARA_ROLES without worker: the embedded database serves one process only",
  ]);
  expect(problemsOf({ CLARA_ROLES: "gateway", DATABASE_URL: "postgresql://h/n" })).toEqual([]);
});

test("the original's SQLAlchemy address is understood", () => {
  const config = loadConfig({ DATABASE_URL: "postgresql+psycopg2://me:p%40ss@host:5433/name" });

  expect(config.store).toEqual({ kind: "server", url: "postgresql://me:p%40ss@host:5433/name" });
});

test("every secret is on the list of what must not be seen, the database's password by itself too", () => {
  const config = loadConfig({
    ANTHROPIC_API_KEY: "sk-1",
    DISCORD_BOT_TOKEN: "token-1",
    BOT_NAME: "Ada",
    DATABASE_URL: "postgresql://me:p%40ss@host/name",
  });

  expect([...config.secrets].sort()).toEqual([
    "p%40ss",
    "p@ss",
    "postgresql://me:p%40ss@host/name",
    "sk-1",
    "token-1",
  ]);
});

test("old names work as long as the new ones are not set", () => {
  expect(loadConfig({ DATA_DIR: "/old" }).dataDir).toBe("/old");
  expect(loadConfig({ DATA_DIR: "/old", CLARA_DATA_DIR: "/new" }).dataDir).toBe("/new");
  expect(problemsOf({ GATEWAY_MAX_TOOL_RESULT_CHARS: "x" })).toEqual([
    expect.stringMatching(/^GATEWAY_MAX_TOOL_RESULT_CHARS must/),
  ]);
});

test("budgets are what was set, by holder and unit", () => {
  const config = loadConfig({
    CLARA_BUDGET_PERSON_USD: "0.5",
    CLARA_BUDGET_GUILD_TURNS: "200",
    CLARA_BUDGET_TOTAL_USD: "20",
    DEFAULT_TIMEZONE: "Europe/Berlin",
  });

  expect(config.budgets).toEqual({
    timeZone: "Europe/Berlin",
    limits: [
      { holder: "person", unit: "usd", limit: 0.5 },
      { holder: "guild", unit: "turns", limit: 200 },
      { holder: "everyone", unit: "usd", limit: 20 },
    ],
  });
});

test("a persona in a file wins over one in a variable", () => {
  expect(loadConfig({}).persona).toEqual({ kind: "built-in" });
  expect(loadConfig({ BOT_PERSONALITY: "dry" }).persona).toEqual({ kind: "text", text: "dry" });
  expect(loadConfig({ BOT_PERSONALITY: "dry", BOT_PERSONALITY_FILE: "me.md" }).persona).toEqual({
    kind: "file",
    path: "me.md",
  });
});

test("a kill point has the number of times that it is passed before", () => {
  expect(loadConfig({ CLARA_FAULT: "turn.finished" }).fault).toEqual({
    point: "turn.finished",
    times: 1,
  });
  expect(loadConfig({ CLARA_FAULT: "outbox.part.next:3" }).fault).toEqual({
    point: "outbox.part.next",
    times: 3,
  });
});

test("variables of features to come do not stop her, misspelt ones are pointed out, others are nobody's business", () => {
  const config = loadConfig({
    UNSPLASH_ACCESS_KEY: "t",
    DISCORD_BOT_TOKNE: "secret",
    PATH: "/usr/bin",
    MEM0_MODEL: "",
  });

  expect(config.unused).toEqual([
    { name: "UNSPLASH_ACCESS_KEY", feature: "pictures from the web" },
  ]);
  expect(config.misspelt).toEqual([{ name: "DISCORD_BOT_TOKNE", meant: "DISCORD_BOT_TOKEN" }]);
});

describe("rooms", () => {
  const stateOf = (name: string, env: Record<string, string>) =>
    loadConfig(env).rooms.find((room) => room.name === name);

  test("that are off say why and what turns them on", () => {
    expect(stateOf("discord", {})).toMatchObject({
      isOn: false,
      says: "DISCORD_BOT_TOKEN is not set",
      advice: expect.stringContaining("https://discord.com/developers"),
    });
    expect(stateOf("web", { DISCORD_MONITOR_ENABLED: "off" })).toMatchObject({ isOn: false });
    expect(stateOf("web", { CLARA_ROLES: "worker" })).toMatchObject({
      isOn: false,
      says: "not in CLARA_ROLES",
    });
    expect(stateOf("budgets", {})).toMatchObject({ isOn: false });
  });

  test("that are on say what they are", () => {
    const env = { DISCORD_BOT_TOKEN: "t", CLARA_WEB_HOST: "::1", ANTHROPIC_API_KEY: "a" };

    expect(loadConfig(env).rooms.map(({ name, says }) => `${name}: ${says}`)).toEqual([
      "models: anthropic answers",
      "store: embedded; it survives a crash, not a power cut",
      "discord: all messages",
      "web: playground and health",
      "memory: learns from what people say; found by words",
      "speech: voice messages are not heard: no key for transcriptions",
      "google: GOOGLE_CLIENT_ID is not set",
      "backups: copies at 0 3 * * *, kept 7 days on this machine",
      "mcp: plug-ins can bring more tools",
      "sandbox: code runs in Docker here, if it answers",
      "mail: people's mailboxes are watched",
      "budgets: nothing limits what she may spend",
    ]);
  });
});

test.each([
  [{}, null],
  [{ OPENAI_BASE_URL: "http://home:1/v1" }, null],
  [{ OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://home:1/v1" }, "http://home:1/v1 k"],
  [{ TRANSCRIPTION_BASE_URL: "http://ear:1/v1", OPENAI_API_KEY: "k" }, "http://ear:1/v1 null"],
  [
    { TRANSCRIPTION_API_KEY: "t", OPENAI_BASE_URL: "http://home:1/v1" },
    "https://api.openai.com/v1 t",
  ],
])("a key for speech goes only where it belongs: %o", (env, expected) => {
  const { speech } = loadConfig(env);

  expect(speech && `${speech.baseUrl} ${speech.apiKey}`).toBe(expected);
});

test("S3 is used when it is switched on, and wants both halves of its key", () => {
  const keys = { S3_ACCESS_KEY: "a", S3_SECRET_KEY: "s" };

  expect(loadConfig(keys).files.s3).toBeNull();
  expect(loadConfig({ ...keys, S3_ENABLED: "true" }).files.s3).toMatchObject({
    bucket: "clara-files",
    endpointUrl: "https://s3.wasabisys.com",
  });
  expect(() => loadConfig({ S3_ENABLED: "on", S3_ACCESS_KEY: "a" })).toThrow("S3_SECRET_KEY");
});
