import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { startFakeDiscord } from "../../test/fake-discord/index.ts";
import { fakeMachine } from "../../test/fake-machine.ts";
import { startMockModel } from "../../test/mock-model.ts";
import { systemClock } from "../core/clock.ts";
import { EXIT } from "../lib/exit-codes.ts";
import { sleep } from "../llm/sleep.ts";
import type { DatabaseFacts } from "../store/inspect.ts";
import type { Diagnosis } from "./doctor/check.ts";
import { doctor, type DoctorDeps } from "./doctor.ts";

const deps: DoctorDeps = {
  inspectDatabase: async () => ({ kind: "new" }),
  clock: systemClock,
  random: () => 0,
  createId: () => "id",
  sleep,
  fetch,
};

async function examine(env: Readonly<Record<string, string>>, own: Partial<DoctorDeps> = {}) {
  const machine = fakeMachine(env);
  const code = await doctor({ ...deps, ...own, machine }, { json: true });
  const diagnoses = JSON.parse(machine.said()) as readonly Diagnosis[];
  const find = (name: string) => diagnoses.find((diagnosis) => diagnosis.name === name);
  return { code, find, output: machine.said() };
}

/** Something that answers HTTP on a port or a socket of its own. */
async function openServer(answer: RequestListener, socketPath?: string) {
  const server = createServer(answer);
  await new Promise<void>((resolve) =>
    socketPath ? server.listen(socketPath, resolve) : server.listen(0, "127.0.0.1", resolve),
  );
  const address = server.address() as AddressInfo | string;
  return {
    url: typeof address === "string" ? address : `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a bare laptop is well: what is missing is off, and not broken", async () => {
  const machine = fakeMachine();

  const code = await doctor({ ...deps, machine }, { json: false });

  expect(code).toBe(EXIT.ok);
  expect(machine.said()).toMatch(/^✓ configuration +fine$/m);
  expect(machine.said()).toMatch(/^✓ node +v24\.21\.0$/m);
  expect(machine.said()).toMatch(/^- demo +no provider is set up/m);
  expect(machine.said()).toMatch(/^- discord +DISCORD_BOT_TOKEN is not set$/m);
  expect(machine.said()).toMatch(/\nAll is well\.\n$/);
});

test("settings that cannot be used are all listed, and the exit code says that something is broken", async () => {
  const machine = fakeMachine({ LOG_LEVEL: "loud", ANTHROPIC_API_KEY: "two words" });

  const code = await doctor({ ...deps, machine }, { json: false });

  expect(code).toBe(EXIT.failed);
  expect(machine.said()).toMatch(/^✗ configuration +2 of the settings/m);
  expect(machine.said()).toMatch(/^ +LOG_LEVEL must be debug, info, warn or error/m);
  expect(machine.said()).toMatch(/^ +ANTHROPIC_API_KEY holds white space/m);
  expect(machine.said()).toMatch(/\n1 broken, 0 to know about\.\n$/);
  expect(machine.said()).not.toContain("two words");
});

test("a misspelt name is a warning with what was meant", async () => {
  const { code, find } = await examine({ DISCORD_BOT_TOKNE: "t" });

  expect(code).toBe(EXIT.ok);
  expect(find("configuration")).toMatchObject({
    verdict: "warning",
    advice: ["DISCORD_BOT_TOKNE: did you mean DISCORD_BOT_TOKEN?"],
  });
});

describe("database", () => {
  const about = async (facts: DatabaseFacts) =>
    (await examine({}, { inspectDatabase: async () => facts })).find("database");
  const open = { kind: "open", version: "PostgreSQL 17.5", hasVector: true } as const;

  test("says its version, pgvector and whether it is up to date", async () => {
    expect(await about({ ...open, migrations: { pending: 0, isNewer: false } })).toMatchObject({
      verdict: "ok",
      says: "PostgreSQL 17.5; pgvector is there; up to date",
    });
    expect(
      await about({ ...open, hasVector: false, migrations: { pending: 1, isNewer: false } }),
    ).toMatchObject({
      verdict: "ok",
      says: "PostgreSQL 17.5; pgvector is not there, and not needed yet; brought up to date at the next start",
    });
  });

  test("of a newer Clara is broken", async () => {
    const found = await about({ ...open, migrations: { pending: 0, isNewer: true } });

    expect(found).toMatchObject({ verdict: "broken", says: "was last used by a newer Clara" });
  });

  test("that is in use, or not made yet, is well", async () => {
    expect(await about({ kind: "in-use" })).toMatchObject({ verdict: "ok" });
    expect(await about({ kind: "new" })).toMatchObject({ verdict: "ok" });
  });

  test("that cannot be reached is broken, and its password is not shown", async () => {
    const { code, find, output } = await examine(
      { DATABASE_URL: "postgresql://me:hunter22@127.0.0.1:1/name" },
      { inspectDatabase: () => Promise.reject(new Error("no: me:hunter22@127.0.0.1")) },
    );

    expect(code).toBe(EXIT.failed);
    expect(find("database")).toMatchObject({
      verdict: "broken",
      says: "no: me:[removed: a secret]@127.0.0.1",
    });
    expect(output).not.toContain("hunter22");
  });
});

describe("providers", () => {
  test("are asked with a live call each", async () => {
    await using model = await startMockModel({ paceMs: 0 });

    const { find } = await examine({
      CUSTOM_OPENAI_BASE_URL: model.baseUrl,
      CUSTOM_OPENAI_MODEL: "mock-1",
    });

    expect(find("openai")).toMatchObject({
      verdict: "ok",
      says: expect.stringMatching(/^openai\/mock-1 answered in \d+ ms$/),
    });
  });

  test("that do not accept the key are broken, with what to do and without the key", async () => {
    await using server = await openServer((_, response) => {
      response.writeHead(401, { "content-type": "application/json" });
      response.end(
        '{"type":"error","error":{"type":"authentication_error","message":"bad key sk-ant-0815"}}',
      );
    });

    const { code, find, output } = await examine({
      ANTHROPIC_API_KEY: "sk-ant-0815",
      ANTHROPIC_BASE_URL: server.url,
    });

    expect(code).toBe(EXIT.failed);
    expect(find("anthropic")).toMatchObject({
      verdict: "broken",
      says: expect.stringMatching(/: auth$/),
      advice: [expect.stringContaining("Make a new one"), expect.any(String)],
    });
    expect(output).not.toContain("sk-ant-0815");
  });

  test("that say nothing do not keep the doctor waiting", async () => {
    await using server = await openServer(() => {});

    const { find } = await examine(
      { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: server.url },
      { checkTimeoutMs: 100 },
    );

    expect(find("anthropic")).toMatchObject({
      verdict: "broken",
      says: "gave no answer within 0.1 s",
    });
  });
});

describe("Discord", () => {
  test("is well when token, intent and permissions are", async () => {
    await using discord = await startFakeDiscord();

    const { find, output } = await examine({
      DISCORD_BOT_TOKEN: discord.token,
      DISCORD_API_BASE: discord.apiBase,
    });

    expect(find("discord token")).toMatchObject({ verdict: "ok" });
    expect(find("discord intents")).toMatchObject({ verdict: "ok" });
    expect(find("discord servers")).toMatchObject({ verdict: "ok", says: "she is in 1" });
    expect(output).not.toContain(discord.token);
  });

  test("with a wrong token is broken once, not three times", async () => {
    await using discord = await startFakeDiscord();

    const { code, find } = await examine({
      DISCORD_BOT_TOKEN: "wrong-token",
      DISCORD_API_BASE: discord.apiBase,
    });

    expect(code).toBe(EXIT.failed);
    expect(find("discord token")).toMatchObject({ verdict: "broken" });
    expect(find("discord intents")).toMatchObject({ verdict: "off" });
    expect(find("discord servers")).toMatchObject({ verdict: "off" });
  });

  test("without the Message Content intent is broken, unless that intent is not wanted", async () => {
    await using discord = await startFakeDiscord({ messageContentAllowed: false });
    const env = { DISCORD_BOT_TOKEN: discord.token, DISCORD_API_BASE: discord.apiBase };

    const wanted = await examine(env);
    const unwanted = await examine({ ...env, DISCORD_MESSAGE_CONTENT: "off" });

    expect(wanted.find("discord intents")).toMatchObject({
      verdict: "broken",
      advice: [expect.stringContaining("DISCORD_MESSAGE_CONTENT=off")],
    });
    expect(unwanted.find("discord intents")).toMatchObject({ verdict: "ok" });
  });

  test("points out a server where she is not, and an application that is not the token's", async () => {
    await using discord = await startFakeDiscord();

    const { find } = await examine({
      DISCORD_BOT_TOKEN: discord.token,
      DISCORD_API_BASE: discord.apiBase,
      DISCORD_ALLOWED_SERVERS: `${discord.guild.id},999999999999999999`,
      DISCORD_CLIENT_ID: "888888888888888888",
    });

    expect(find("discord token")).toMatchObject({ verdict: "warning" });
    expect(find("discord servers")).toMatchObject({
      verdict: "warning",
      advice: [
        "DISCORD_ALLOWED_SERVERS has 999999999999999999, where she is not.",
        expect.stringContaining("https://discord.com/oauth2/authorize?client_id="),
      ],
    });
  });
});

describe("clock", () => {
  const compare = async (aheadMs: number) => {
    await using server = await openServer((_, response) => {
      response.setHeader("date", new Date(Date.now() + aheadMs).toUTCString()).end();
    });
    const env = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: server.url };
    return (await examine(env, { checkTimeoutMs: 2_000 })).find("clock");
  };

  test("that agrees with others is right", async () => {
    expect(await compare(0)).toMatchObject({ verdict: "ok" });
  });

  test("that is a minute slow is a warning", async () => {
    expect(await compare(60_000)).toMatchObject({
      verdict: "warning",
      says: expect.stringMatching(/^is (59|60) s slow$/),
    });
  });
});

describe("the machine", () => {
  test("with an old Node is told to start her by npm", async () => {
    const machine = { ...fakeMachine(), nodeVersion: "v22.11.0" };

    const code = await doctor({ ...deps, machine }, { json: false });

    expect(code).toBe(EXIT.failed);
    expect(machine.said()).toMatch(/✗ node +is v22\.11\.0, and Clara needs 24/);
  });

  test("without Docker says that code cannot run, which is none of its faults where nobody asked for it", async () => {
    const nowhere = { DOCKER_HOST: "unix:///nowhere/docker.sock" };

    const { find } = await examine(nowhere);
    const asked = await examine({ ...nowhere, SANDBOX_MODE: "local" });

    expect(find("sandbox")).toMatchObject({
      verdict: "off",
      says: expect.stringContaining("does not answer at unix:///nowhere/docker.sock"),
    });
    expect(asked.find("sandbox")).toMatchObject({ verdict: "broken" });
    expect((await examine({ SANDBOX_MODE: "off" })).find("sandbox")).toMatchObject({
      says: "SANDBOX_MODE is off",
    });
  });
});

describe("files that the settings name", () => {
  test("are broken when they cannot be read or hold wrong prices", async () => {
    const { find } = await examine({
      BOT_PERSONALITY_FILE: "/nowhere/persona.md",
      LLM_PRICES_FILE: new URL("../../package.json", import.meta.url).pathname,
    });

    expect(find("files")).toMatchObject({
      verdict: "broken",
      advice: expect.arrayContaining([
        "BOT_PERSONALITY_FILE names /nowhere/persona.md, which cannot be read.",
        expect.stringMatching(/^LLM_PRICES_FILE: /),
      ]),
    });
  });

  test("are well when they can be used", async () => {
    const { find } = await examine({
      LLM_PRICES_FILE: new URL("../llm/prices.json", import.meta.url).pathname,
    });

    expect(find("files")).toMatchObject({ verdict: "ok" });
  });
});
