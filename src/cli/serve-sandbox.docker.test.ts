import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fakeMachine } from "../../test/fake-machine.ts";
import { ALIVE, describeDocker, run, shell, testEngine } from "../../test/open-sandbox.ts";
import { createRemoteWorkspaces } from "../sandbox/remote/remote-workspaces.ts";
import { serveSandbox } from "./serve-sandbox.ts";

const KEY = "0123456789abcdef0123";

describeDocker("clara serve sandbox", () => {
  test("serves what it is set to, until it is told to stop, and leaves nothing running", async () => {
    const dir = await mkdtemp(join(tmpdir(), "clara-serve-"));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const { host, image } = testEngine();
    const env = {
      SANDBOX_API_KEY: KEY,
      SANDBOX_DATA_DIR: dir,
      DOCKER_HOST: host,
      DOCKER_SANDBOX_IMAGE: image,
    };
    const machine = fakeMachine({ ...env, LOG_LEVEL: "info" });
    const stop = new AbortController();
    const serving = serveSandbox({ machine }, { port: 0 }, stop.signal);
    await expect.poll(() => machine.complained()).toContain("sandbox-service-listening");
    const port = /"port":(\d+)/.exec(machine.complained())?.[1];
    const remote = createRemoteWorkspaces(
      { fetch },
      { url: `http://127.0.0.1:${port}`, key: KEY, timeoutMs: 20_000 },
    );

    const ran = await run(await remote.open("ana.home", ALIVE), shell("echo served"));
    stop.abort();
    await serving;

    expect(ran.out).toBe("served\n");
    expect(machine.complained()).not.toContain(KEY);
    expect(await remote.health(ALIVE)).toMatchObject({ kind: "broken" });
  });
});

test("clara serve sandbox wants a key that nobody can guess", async () => {
  const short = serveSandbox(
    { machine: fakeMachine({ SANDBOX_API_KEY: "short" }) },
    { port: 0 },
    ALIVE,
  );

  await expect(short).rejects.toThrow(/SANDBOX_API_KEY has to be set, with at least 16/);
  await expect(
    serveSandbox({ machine: fakeMachine({ SANDBOX_MODE: "off" }) }, { port: 0 }, ALIVE),
  ).rejects.toThrow(/nothing to serve/);
});
