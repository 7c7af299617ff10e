import { expect, test } from "vitest";
import { ALIVE, describeDocker, run, session, shell } from "../../../test/open-sandbox.ts";
import { openLocal, openService } from "../../../test/open-sandbox-service.ts";
import { sandboxContract } from "../../../test/sandbox-contract.ts";

describeDocker("sandboxes on another machine", () => {
  sandboxContract("createRemoteWorkspaces()", async () => {
    const { remote } = await openService();
    let count = 0;
    return {
      create: (_, __, signal) => {
        count += 1;
        return remote.open(`ana.place${count}`, signal);
      },
      health: remote.health,
    };
  });

  test("marks, states and what runs are as they are there", async () => {
    const { remote } = await openService();
    const workspace = await remote.open("ana.home", ALIVE);
    await workspace.mark(["web:a.example"]);
    await run(workspace, shell("echo good > f"));
    await run(workspace, shell("echo bad > f"));

    expect(await workspace.marks()).toEqual(["web:a.example"]);
    expect(await remote.running(ALIVE)).toMatchObject([{ owner: "ana.home", isBusy: false }]);
    const { snapshots, isRunning } = await remote.status("ana.home", ALIVE);
    expect(isRunning).toBe(true);
    expect(await remote.rollBack("ana.home", snapshots[1]?.id ?? "", ALIVE)).toBe(true);
    expect((await run(await remote.open("ana.home", ALIVE), shell("cat f"))).out).toBe("good\n");

    await remote.forget("ana", ALIVE);
    expect(await remote.status("ana.home", ALIVE)).toMatchObject({ files: 0, isRunning: false });
  });

  test("whoever goes away in the middle of a run has stopped it", async () => {
    const local = await openLocal();
    const { remote } = await openService(local);
    const stop = new AbortController();
    const workspace = await remote.open("ana.home", ALIVE);
    const running = run(workspace, shell("echo go; sleep 60"), {}, stop.signal);
    await expect.poll(async () => (await local.running(ALIVE))[0]?.isBusy).toBe(true);

    stop.abort(new Error("enough"));

    await expect(running).rejects.toThrow("enough");
    await expect
      .poll(async () => (await local.running(ALIVE))[0]?.isBusy, { timeout: 2_000 })
      .toBe(false);
  });

  test("names of a session stay while it runs there", async () => {
    const { remote } = await openService();
    await run(await remote.open("ana.home", ALIVE), session("x = 41"));

    expect((await run(await remote.open("ana.home", ALIVE), session("x + 1"))).out).toBe("42\n");
  });
});

describeDocker("the service, as the original's callers know it", () => {
  test("runs code and commands, and answers with the whole at the end", async () => {
    const { ask } = await openService();

    const created = await (await ask("POST", "/sandbox/7/create")).json();
    const ran = await (await ask("POST", "/sandbox/7/execute", { code: "print(6 * 7)" })).json();
    const failed = await (
      await ask("POST", "/sandbox/7/shell", { command: "echo no >&2; exit 3" })
    ).json();
    const slow = await (
      await ask("POST", "/sandbox/7/shell", { command: "sleep 30", timeout: 1 })
    ).json();

    expect(created).toMatchObject({ status: "running" });
    expect(ran).toEqual({
      success: true,
      stdout: "42\n",
      stderr: "",
      exit_code: 0,
      execution_time: expect.any(Number),
      error: null,
    });
    expect(failed).toMatchObject({ success: false, stderr: "no\n", exit_code: 3, error: null });
    expect(slow).toMatchObject({ success: false, exit_code: 137, error: "ended by a limit: time" });
  });

  test("writes, lists, reads, unpacks and removes files", async () => {
    const { ask } = await openService();
    const json = async (...given: Parameters<typeof ask>) => (await ask(...given)).json();

    await json("POST", "/sandbox/7/file", { path: "d/a.txt", content: "hello" });
    await json("POST", "/sandbox/7/shell", { command: "zip -q a.zip d/a.txt; rm -r d" });
    expect(await json("POST", "/sandbox/7/unzip", { path: "a.zip" })).toMatchObject({
      success: true,
    });

    expect(await json("GET", "/sandbox/7/files?path=/box/d")).toMatchObject({
      files: [{ name: "a.txt", path: "/box/d/a.txt", size: 5, type: ".txt" }],
    });
    expect(await json("GET", "/sandbox/7/file?path=d/a.txt")).toMatchObject({ content: "hello" });
    expect(await json("DELETE", "/sandbox/7/file?path=d/a.txt")).toEqual({ success: true });
    expect(await json("GET", "/sandbox/7/file?path=d/a.txt")).toMatchObject({
      kind: "file",
      message: expect.stringContaining("not there"),
    });
    expect(await json("GET", "/sandbox/7/file?path=/etc/passwd")).toMatchObject({ kind: "file" });
  });

  test("installs packages by name, and nothing that is none", async () => {
    const { ask } = await openService();

    const named = await (await ask("POST", "/sandbox/7/pip/install", { package: "tiny" })).json();
    const address = await ask("POST", "/sandbox/7/pip/install", { packages: ["https://x/a.whl"] });

    // The service of these tests reaches nobody: that it tried is what can be seen.
    expect(named).toMatchObject({
      kind: "file",
      message: expect.stringContaining("Nobody can be reached"),
    });
    expect(address.status).toBe(400);
    expect((await ask("POST", "/sandbox/7/pip/install", {})).status).toBe(400);
  });

  test("says how a sandbox is, stops it, starts it again with its files, and forgets it", async () => {
    const { ask } = await openService();
    const json = async (...given: Parameters<typeof ask>) => (await ask(...given)).json();
    await json("POST", "/sandbox/7/file", { path: "a", content: "x" });

    expect(await json("GET", "/sandbox/7/status")).toMatchObject({ status: "running", files: 1 });
    expect(await json("POST", "/sandbox/7/stop")).toEqual({ success: true });
    expect(await json("GET", "/sandbox/7/status")).toMatchObject({ status: "stopped", files: 1 });
    expect(await json("POST", "/sandbox/7/restart")).toMatchObject({ status: "running" });
    expect(await json("GET", "/sandbox/7/file?path=a")).toMatchObject({ content: "x" });
    expect(await json("GET", "/sandbox/7/pip/list")).toMatchObject({
      success: true,
      stdout: expect.stringMatching(/^\[\{/),
    });
    await json("DELETE", "/sandbox/7");
    expect(await json("GET", "/sandbox/7/status")).toMatchObject({ status: "stopped", files: 0 });
  });

  test("tells of itself: health to everybody, figures to those with a key", async () => {
    const { ask, url } = await openService();
    await ask("POST", "/sandbox/7/create");

    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: "healthy" });
    expect((await ask("GET", "/metrics", undefined, "")).status).toBe(401);
    expect(await (await ask("GET", "/metrics")).text()).toMatch(
      /^clara_sandboxes\{state="idle"\} 1$/m,
    );
    expect(await (await ask("GET", "/info")).json()).toMatchObject({
      containers: 1,
      max_execution_timeout: 20,
    });
  });

  test("lets nobody in without a key, and takes each of those that it has", async () => {
    const { ask, url } = await openService();
    const status = async (key: string) => (await ask("GET", "/running", undefined, key)).status;

    expect(await status("another-key-of-the-same-service")).toBe(200);
    expect(await status("")).toBe(401);
    expect(await status("a-key-for-the-tests-of-sandboxe")).toBe(401);
    expect(await status("a-key-for-the-tests-of-sandboxes!")).toBe(401);
    expect((await fetch(`${url}/sandbox/7/execute`, { method: "POST" })).status).toBe(401);
  });

  test.for(["..", "%2e%2e", "a%2Fb", "A", "a.b.c", "a b", "x".repeat(65)])(
    "has no sandbox for %s",
    async (user) => {
      const { ask } = await openService();

      expect((await ask("POST", `/sandbox/${user}/create`)).status).toBeGreaterThanOrEqual(400);
      expect((await ask("DELETE", `/sandbox/${user}`)).status).toBeGreaterThanOrEqual(400);
    },
  );

  test("refuses what does not fit, what is too large and too much at once, in words", async () => {
    const { ask, url } = await openService(undefined, { maxRequests: 1 });
    const huge = await fetch(`${url}/sandbox/7/bytes?path=/box/x`, {
      method: "PUT",
      headers: { "x-api-key": "another-key-of-the-same-service" },
      body: new Uint8Array(17 * 1_024 * 1_024),
    });
    const slow = ask("POST", "/sandbox/7/shell", { command: "sleep 2" });
    await expect.poll(async () => (await ask("GET", "/info")).status).toBe(429);

    expect((await slow).status).toBe(200);
    expect(huge.status).toBe(413);
    expect(await (await ask("POST", "/sandbox/7/execute", { code: 7 })).json()).toMatchObject({
      error: expect.stringContaining("code"),
    });
    expect((await ask("POST", "/sandbox/7/shell", { command: "true", timeout: 301 })).status).toBe(
      400,
    );
    expect((await ask("GET", "/nothing")).status).toBe(404);
  });
});
