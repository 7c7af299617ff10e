import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openKledoEmulator, type KledoEmulator } from "../emulators/kledo/open-kledo-emulator.ts";
import { connectByStdio, type Connected } from "./connect.ts";
import { KLEDO_CASES } from "./kledo-cases.ts";
import { ask, NOW, openKledoTest, type KledoTest } from "./open-kledo-test.ts";

describe("over Streamable HTTP", () => {
  let open: KledoTest | undefined;
  beforeAll(async () => {
    open = await openKledoTest();
  });
  afterAll(() => open?.[Symbol.asyncDispose]());
  const opened = (): KledoTest => {
    if (open === undefined) throw new Error("It did not open");
    return open;
  };

  test("the table holds every tool, and none that is not there", async () => {
    const { tools } = await opened().client.listTools();

    expect(KLEDO_CASES.map(({ tool }) => tool).toSorted()).toEqual(
      tools.map(({ name }) => name).toSorted(),
    );
  });

  test.each(KLEDO_CASES)("$tool answers what the books say", async ({ tool, given, expected }) => {
    const { client, kledo } = opened();

    const answer = await ask(client, tool, given);

    expect(answer).toEqual(expected(kledo.accounts[0].books));
  });
});

describe("over standard input and output", () => {
  let kledo: KledoEmulator | undefined;
  let connected: Connected | undefined;
  let home = "";
  beforeAll(async () => {
    kledo = await openKledoEmulator();
    home = await mkdtemp(join(tmpdir(), "clara-kledo-"));
    const env = {
      HOME: home,
      KLEDO_BASE_URL: kledo.url,
      KLEDO_API_KEY: kledo.accounts[0].personalToken,
      KLEDO_RATE_LIMIT_ENABLED: "no",
    };
    connected = await connectByStdio(["kledo"], env, { now: NOW });
  });
  afterAll(async () => {
    await connected?.[Symbol.asyncDispose]();
    await kledo?.[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  test.each(KLEDO_CASES)("$tool answers what the books say", async ({ tool, given, expected }) => {
    if (connected === undefined || kledo === undefined) throw new Error("It did not open");

    const answer = await ask(connected.client, tool, given);

    expect(answer).toEqual(expected(kledo.accounts[0].books));
  });
});
