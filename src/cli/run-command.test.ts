import { expect, test } from "vitest";
import { fakeMachine } from "../../test/fake-machine.ts";
import type { App } from "../app.ts";
import { systemClock } from "../core/clock.ts";
import { EXIT } from "../lib/exit-codes.ts";
import { WrongSettings } from "../lib/wrong-settings.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import { sleep } from "../llm/sleep.ts";
import { runCommand, type CliDeps } from "./run-command.ts";

type Run = (signal: AbortSignal) => Promise<void>;

/** A house with one service, and what happened in it. */
function fakeHouse(run: Run) {
  const events: string[] = [];
  const createApp: CliDeps["createApp"] = async (_, { mode }) => {
    events.push(`opened for ${mode}`);
    const service = {
      name: "only",
      async run(signal: AbortSignal) {
        events.push("running");
        await run(signal);
        events.push("drained");
      },
    };
    return {
      services: [service],
      tools: [],
      async [Symbol.asyncDispose]() {
        events.push("closed");
      },
    } satisfies App;
  };
  return { events, createApp };
}

const nobody: CliDeps["createApp"] = () => Promise.reject(new Error("nothing is to be opened"));

const depsWith = (
  machine: ReturnType<typeof fakeMachine>,
  createApp: CliDeps["createApp"] = nobody,
): CliDeps => ({
  machine,
  createApp,
  inspectDatabase: async () => ({ kind: "new" }),
  openStore: () => Promise.reject(new Error("no store in this test")),
  openEmptyStore: () => Promise.reject(new Error("no store in this test")),
  envFile: "nowhere/.env",
  clock: systemClock,
  random: () => 0,
  createId: () => "id",
  sleep,
  fetch: () => Promise.reject(new Error("no network in this test")),
});

test("a key that is entered while she runs is in no line of the log and in no last words", async () => {
  const machine = fakeMachine();
  const key = "sk-or-entered-while-running";
  let known: readonly string[] = [];
  const createApp: CliDeps["createApp"] = async (_, { configure, log, secrets }) => {
    configure({ OPENROUTER_API_KEY: key });
    known = secrets();
    log.error({ error: new Error(`no such key: ${key}`) }, "failed");
    throw new Error(`the key ${key} is wrong`);
  };

  expect(await runCommand(depsWith(machine, createApp), ["start"])).toBe(EXIT.failed);

  expect(known).toContain(key);
  expect(machine.said()).toContain("no such key: [removed: a secret]");
  expect(machine.complained()).toContain("the key [removed: a secret] is wrong");
  expect(machine.said() + machine.complained()).not.toContain(key);
});

test("a chat shows only errors between its lines; whoever keeps the log hears of warnings, too", async () => {
  const machine = fakeMachine();
  const heard: string[] = [];
  const createApp: CliDeps["createApp"] = async (_, { log, tap }) => {
    tap.listen(({ event }) => heard.push(event));
    log.warn({}, "it-healed");
    log.error({}, "look-at-this");
    return { services: [], tools: [], async [Symbol.asyncDispose]() {} };
  };

  expect(await runCommand(depsWith(machine, createApp), ["chat"])).toBe(EXIT.ok);

  expect(machine.complained()).toMatch(/look-at-this/);
  expect(machine.said() + machine.complained()).not.toMatch(/it-healed/);
  expect(heard).toEqual(["it-healed", "look-at-this"]);
});

test.each([["help"], ["--help"], ["-h"]])("%s names every command and exit code", async (word) => {
  const machine = fakeMachine();

  expect(await runCommand(depsWith(machine), [word])).toBe(EXIT.ok);

  expect(machine.said()).toMatch(/start[^]*chat[^]*doctor[^]*version[^]*78 {3}the settings/);
});

test("version is the program's", async () => {
  const machine = fakeMachine();

  expect(await runCommand(depsWith(machine), ["version"])).toBe(EXIT.ok);

  expect(machine.said()).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("an unknown command gets words and its own exit code", async () => {
  const machine = fakeMachine();

  expect(await runCommand(depsWith(machine), ["doctor", "--loud"])).toBe(EXIT.usage);

  expect(machine.complained()).toBe(
    'clara does not understand "doctor --loud". "clara help" lists what she does.\n',
  );
});

test("no command at all gets the help", async () => {
  const machine = fakeMachine();

  expect(await runCommand(depsWith(machine), [])).toBe(EXIT.usage);

  expect(machine.complained()).toContain("clara start");
});

test("start opens, says what is on and off, runs until Ctrl-C, drains and closes", async () => {
  const machine = fakeMachine();
  const { events, createApp } = fakeHouse(untilAborted);

  const ended = runCommand(depsWith(machine, createApp), ["start"]);
  await expect.poll(() => events).toContain("running");
  machine.process.emit("SIGINT");

  expect(await ended).toBe(EXIT.ok);
  expect(events).toEqual(["opened for start", "running", "drained", "closed"]);
  expect(machine.said()).toMatch(
    /^Clara \d[^]*discord \(off\) +DISCORD_BOT_TOKEN is not set[^]*Open http:\/\/127\.0\.0\.1:8001\//,
  );
  expect(machine.exits).toEqual([]);
});

test("chat ends when the person leaves, and its terminal has no banner", async () => {
  const machine = fakeMachine();
  const { events, createApp } = fakeHouse(async () => {});

  expect(await runCommand(depsWith(machine, createApp), ["chat"])).toBe(EXIT.ok);

  expect(events).toEqual(["opened for chat", "running", "drained", "closed"]);
  expect(machine.said()).toBe("");
});

test("a second Ctrl-C ends the program though a service hangs", async () => {
  const machine = fakeMachine();
  const { promise: hanging, resolve: release } = Promise.withResolvers<void>();
  const { events, createApp } = fakeHouse(() => hanging);
  const ended = runCommand(depsWith(machine, createApp), ["start"]);
  await expect.poll(() => events).toContain("running");

  machine.process.emit("SIGINT");
  machine.process.emit("SIGINT");

  expect(machine.exits).toEqual([EXIT.interrupted]);
  release();
  await ended;
});

test("settings that cannot be used are told before anything is opened", async () => {
  const machine = fakeMachine({ LOG_LEVEL: "loud", DISCORD_MAX_CHARS: "few" });

  expect(await runCommand(depsWith(machine), ["start"])).toBe(EXIT.config);

  expect(machine.complained()).toMatch(/\n {2}DISCORD_MAX_CHARS must.*\n {2}LOG_LEVEL must/);
  expect(machine.said()).toBe("");
});

test("a service that breaks is one line for the person, and a stack for the log without its secret", async () => {
  const machine = fakeMachine({ DISCORD_BOT_TOKEN: "top-secret-token" });
  const { events, createApp } = fakeHouse(() =>
    Promise.reject(new Error("Port 8001 is taken (top-secret-token)")),
  );

  expect(await runCommand(depsWith(machine, createApp), ["start"])).toBe(EXIT.failed);

  expect(machine.complained()).toBe("Port 8001 is taken ([removed: a secret])\n");
  expect(machine.said()).toMatch(/"msg":"stopped"/);
  expect(machine.said()).toMatch(/run-command\.test\.ts/);
  expect(machine.said() + machine.complained()).not.toContain("top-secret");
  expect(events.at(-1)).toBe("closed");
});

test("a token that Discord refuses is a wrong setting, so that a supervisor need not start it again", async () => {
  const machine = fakeMachine({});
  const { createApp } = fakeHouse(() => Promise.reject(new WrongSettings("A new token is needed")));

  expect(await runCommand(depsWith(machine, createApp), ["start"])).toBe(EXIT.config);

  expect(machine.complained()).toBe("A new token is needed\n");
});
