import { expect, test } from "vitest";
import { ALIVE, describeDocker, run, session, shell } from "../../test/open-sandbox.ts";
import { openLocal, openService, SERVICE_KEY } from "../../test/open-sandbox-service.ts";
import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import { createAutoWorkspaces } from "./auto-workspaces.ts";
import { createRemoteWorkspaces } from "./remote/remote-workspaces.ts";

describeDocker("SANDBOX_MODE=auto", () => {
  test("goes to the other machine while it answers, and on here when it does not, and says so", async () => {
    const service = await openService();
    const local = await openLocal();
    let elapsed = 0;
    const clock = { ...systemClock, elapsedMs: () => elapsed };
    const auto = createAutoWorkspaces({ remote: service.remote, local, clock, log: silentLog });

    const there = await auto.open("ana.home", ALIVE);
    await run(there, session("x = 1"));
    expect(there.notice).toBeUndefined();
    expect(await local.running(ALIVE)).toEqual([]);

    await service.stop();
    const here = await auto.open("ana.home", ALIVE);

    expect((await run(here, shell("echo here"))).out).toBe("here\n");
    expect(here.notice).toMatch(/does not answer/);
    expect(await auto.health(ALIVE)).toMatchObject({
      kind: "works",
      warnings: expect.arrayContaining([expect.stringMatching(/^Code runs on this machine/)]),
    });
    expect(await auto.running(ALIVE)).toHaveLength(1);
    elapsed = 60_000;
    expect(await auto.status("ana.home", ALIVE)).toMatchObject({ isRunning: true });
    await expect(auto.forget("ana", ALIVE)).rejects.toThrow(/does not answer/);
    expect(await local.running(ALIVE)).toEqual([]);
  });

  test("a key that is not the other's is told, and not worked around in the log alone", async () => {
    const { url } = await openService();
    const wrong = createRemoteWorkspaces(
      { fetch },
      { url, key: `${SERVICE_KEY}-not`, timeoutMs: 5_000 },
    );

    await expect(wrong.open("ana.home", ALIVE)).rejects.toThrow(/does not accept SANDBOX_API_KEY/);
    expect(await wrong.health(ALIVE)).toMatchObject({ kind: "broken" });
  });

  test("a service without an answer is left after its time", async () => {
    const silent = createRemoteWorkspaces(
      {
        fetch: (_, options) =>
          new Promise((_resolve, reject) =>
            options?.signal?.addEventListener("abort", () => reject(new Error("late"))),
          ),
      },
      { url: "http://sandbox:8080", key: "k", timeoutMs: 50 },
    );

    await expect(silent.open("ana.home", ALIVE)).rejects.toThrow(
      /http:\/\/sandbox:8080 does not answer/,
    );
  });

  test("what answers and is no such service is told so", async () => {
    const other = createRemoteWorkspaces(
      { fetch: async () => new Response("<html>") },
      { url: "http://site:80", key: "k", timeoutMs: 50 },
    );

    await expect(other.open("ana.home", ALIVE)).rejects.toThrow(/not as a sandbox service does/);
  });
});
