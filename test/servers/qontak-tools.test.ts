import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  openQontakEmulator,
  type QontakEmulator,
} from "../emulators/qontak/open-qontak-emulator.ts";
import { connectByStdio, type Connected } from "./connect.ts";
import { ask, envFor, NOW, openQontakTest, refusal, type QontakTest } from "./open-qontak-test.ts";
import { QONTAK_CASES, REFUSING_TOOL } from "./qontak-cases.ts";

const NOTHING = () => undefined;

describe("over Streamable HTTP", () => {
  let open: QontakTest | undefined;
  beforeAll(async () => {
    open = await openQontakTest();
  });
  afterAll(() => open?.[Symbol.asyncDispose]());
  const opened = (): QontakTest => {
    if (open === undefined) throw new Error("It did not open");
    return open;
  };

  test("the table holds every tool, and none that is not there", async () => {
    const { tools } = await opened().client.listTools();

    expect([...QONTAK_CASES.map(({ tool }) => tool), REFUSING_TOOL].toSorted()).toEqual(
      tools.map(({ name }) => name).toSorted(),
    );
  });

  test.each(QONTAK_CASES)(
    "$tool answers and does what the CRM says",
    async ({ tool, given, expected, changed = NOTHING, becomes }) => {
      const { client, qontak } = opened();

      const answer = await ask(client, tool, given);

      expect(answer).toEqual(expected(qontak.crm));
      expect(changed(qontak.crm)).toEqual(becomes);
    },
  );

  test("get_deal_permissions says that Qontak does not tell it", async () => {
    const { client } = opened();

    const failure = await refusal(client, REFUSING_TOOL, { deal_id: 3001 });

    expect(failure).toMatchObject({ code: "UNSUPPORTED_OPERATION" });
  });
});

describe("over standard input and output", () => {
  let qontak: QontakEmulator | undefined;
  let connected: Connected | undefined;
  let home = "";
  beforeAll(async () => {
    qontak = await openQontakEmulator({ now: () => NOW });
    home = await mkdtemp(join(tmpdir(), "clara-qontak-"));
    connected = await connectByStdio(["qontak"], envFor(qontak, home), { now: NOW });
  });
  afterAll(async () => {
    await connected?.[Symbol.asyncDispose]();
    await qontak?.[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  test.each(QONTAK_CASES)(
    "$tool answers and does what the CRM says",
    async ({ tool, given, expected, changed = NOTHING, becomes }) => {
      if (connected === undefined || qontak === undefined) throw new Error("It did not open");

      const answer = await ask(connected.client, tool, given);

      expect(answer).toEqual(expected(qontak.crm));
      expect(changed(qontak.crm)).toEqual(becomes);
    },
  );

  test("get_deal_permissions says that Qontak does not tell it", async () => {
    if (connected === undefined) throw new Error("It did not open");

    const failure = await refusal(connected.client, REFUSING_TOOL, { deal_id: 3001 });

    expect(failure).toMatchObject({ code: "UNSUPPORTED_OPERATION" });
  });
});
