import { expect, test } from "vitest";
import { fakeMachine } from "../../test/fake-machine.ts";
import { systemClock } from "../core/clock.ts";
import { EXIT } from "../lib/exit-codes.ts";
import { serve } from "./serve.ts";

const depsWith = (machine: ReturnType<typeof fakeMachine>) => ({
  machine,
  clock: systemClock,
  random: () => 0,
  createId: () => "id",
  fetch: () => Promise.reject(new Error("no network in this test")),
  createApp: () => Promise.reject(new Error("no house in this test")),
});

test.each([
  { args: [], words: "the name is one of kledo" },
  { args: ["constructor"], words: "the name is one of kledo" },
  { args: ["kledo", "--http"], words: "--http wants a port" },
  { args: ["kledo", "--http", "99999"], words: "--http wants a port" },
  { args: ["kledo", "--fast"], words: 'does not understand "--fast"' },
])("$args is told to be no command: $words", async ({ args, words }) => {
  const machine = fakeMachine();

  const code = await serve(depsWith(machine), args);

  expect(code).toBe(EXIT.usage);
  expect(machine.complained()).toContain(words);
});

test("settings that cannot be used are told by name, with an exit code of their own", async () => {
  const machine = fakeMachine({ KLEDO_BASE_URL: "http://example.org" });

  const code = await serve(depsWith(machine), ["kledo"]);

  expect(code).toBe(EXIT.config);
  expect(machine.complained()).toContain("KLEDO_BASE_URL has to be https");
});

test("over HTTP a server does not open without a way to sign in", async () => {
  const machine = fakeMachine({ KLEDO_API_KEY: "kledo_pat_0123456789abcdef0123456789" });

  const code = await serve(depsWith(machine), ["kledo", "--http", "0"]);

  expect(code).toBe(EXIT.config);
  expect(machine.complained()).toContain("callers have to sign in");
});

test("by standard input it speaks the protocol and nothing else, and ends when its caller hangs up", async () => {
  const machine = fakeMachine();
  const done = serve(depsWith(machine), ["kledo", "--demo"]);
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    },
  };
  machine.input.push(`${JSON.stringify(initialize)}\n`);
  await expect.poll(machine.said).toContain("Kledo (demo)");

  machine.input.push(null);
  const code = await done;

  expect(code).toBe(EXIT.ok);
  expect(
    machine
      .said()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object),
  ).toEqual([expect.objectContaining({ jsonrpc: "2.0", id: 1 })]);
});

test("a demo is served over HTTP without any setting, until it is told to stop", async () => {
  const machine = fakeMachine({ HTTP_PROXY: "http://proxy.example" });
  const done = serve(depsWith(machine), ["kledo", "--demo", "--http", "0"]);
  await expect.poll(machine.complained).toContain("serving-http");

  machine.process.emit("SIGTERM");

  expect(await done).toBe(EXIT.ok);
});
