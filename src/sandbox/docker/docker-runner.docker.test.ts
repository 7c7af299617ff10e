import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, readlink, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  ALIVE,
  describeDocker,
  openDockerRunner,
  openSandbox,
  run,
  session,
  shell,
  SMALL,
  testEngine,
} from "../../../test/open-sandbox.ts";
import { openEngineProxy } from "../../../test/engine-proxy.ts";
import { sandboxContract } from "../../../test/sandbox-contract.ts";
import { systemClock } from "../../core/clock.ts";
import { silentLog } from "../../core/log.ts";
import { createDockerRunner } from "./docker-runner.ts";
import { openEngine } from "./engine.ts";
import { removeLeftOver } from "./left-over.ts";

const engine = () => openEngine(testEngine().host)();
const inHouse = async (house: string) =>
  (await (
    await engine()
  ).listContainers({
    all: true,
    filters: { label: [`clara.sandbox.house=${house}`] },
  })) as readonly {
    readonly Id: string;
    readonly State: string;
  }[];
const status = async (pid: number) => {
  const lines = (await readFile(`/proc/${pid}/status`, "utf8")).split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/:\s+/)));
};
const cgroup = async (pid: number, controller: string, name: string) => {
  const groups = await readFile(`/proc/${pid}/cgroup`, "utf8");
  const old = groups
    .split("\n")
    .find((line) => line.split(":")[1]?.split(",").includes(controller));
  const folder = old
    ? `/sys/fs/cgroup/${controller}${old.split(":")[2]}`
    : `/sys/fs/cgroup${groups.trim().split(":")[2]}`;
  return (await readFile(join(folder, name), "utf8")).trim();
};

describeDocker("sandboxes in Docker", () => {
  sandboxContract("createDockerRunner()", () => openDockerRunner());

  test("seen from the host, every process in there has no rights, no network and nothing of the host", async () => {
    const house = randomUUID();
    const sandbox = await openSandbox(openDockerRunner({ house }));
    await run(sandbox, session("x = 1"));
    const [found] = await inHouse(house);
    const { State } = await (await engine()).getContainer(found?.Id ?? "").inspect();
    const children = await readFile(`/proc/${State.Pid}/task/${State.Pid}/children`, "utf8");
    const pids = [State.Pid, ...children.trim().split(" ").map(Number)];

    const seen = await Promise.all(pids.map(status));
    const spaces = await Promise.all(
      ["net", "mnt", "pid", "ipc", "uts"].map(async (kind) => [
        await readlink(`/proc/self/ns/${kind}`),
        await readlink(`/proc/${State.Pid}/ns/${kind}`),
      ]),
    );

    expect(seen).toHaveLength(2);
    expect(
      seen.map(({ CapEff, CapPrm, CapInh, CapBnd, CapAmb }) => [
        CapEff,
        CapPrm,
        CapInh,
        CapBnd,
        CapAmb,
      ]),
    ).toEqual(seen.map(() => Array.from({ length: 5 }, () => "0000000000000000")));
    expect(
      seen.map(({ NoNewPrivs, Seccomp, Uid, Gid, Groups }) => [
        NoNewPrivs,
        Seccomp,
        Uid,
        Gid,
        Groups?.trim(),
      ]),
    ).toEqual(
      seen.map(() => [
        "1",
        "2",
        ...Array.from({ length: 2 }, () => "10001\t10001\t10001\t10001"),
        "10001",
      ]),
    );
    expect(spaces.filter(([ours, theirs]) => ours === theirs)).toEqual([]);
    expect(await readFile(`/proc/${State.Pid}/net/dev`, "utf8")).not.toMatch(/eth|veth|ens|wlan/);
    const mounts = await readFile(`/proc/${State.Pid}/mounts`, "utf8");
    expect(mounts).toMatch(/^overlay \/ overlay ro,/m);
    expect(mounts).not.toMatch(/docker\.sock|containerd/);
  });

  test("seen from the host, its cgroup holds the limits, and its descriptors lead nowhere but to Clara", async () => {
    const house = randomUUID();
    await openSandbox(openDockerRunner({ house }));
    const [found] = await inHouse(house);
    const { State, HostConfig } = await (await engine()).getContainer(found?.Id ?? "").inspect();
    const isOld = (await readFile(`/proc/${State.Pid}/cgroup`, "utf8")).includes(":memory:");
    const limits = await readFile(`/proc/${State.Pid}/limits`, "utf8");
    const links = await Promise.all(
      [0, 1, 2].map((number) => readlink(`/proc/${State.Pid}/fd/${number}`)),
    );

    expect(await cgroup(State.Pid, "pids", "pids.max")).toBe(String(SMALL.processes));
    expect(await cgroup(State.Pid, "memory", isOld ? "memory.limit_in_bytes" : "memory.max")).toBe(
      String(SMALL.memoryBytes),
    );
    expect(HostConfig).toMatchObject({
      NetworkMode: "none",
      ReadonlyRootfs: true,
      Privileged: false,
      Binds: null,
    });
    expect(limits).toMatch(/Max open files +512 +512/);
    expect(limits).toMatch(/Max core file size +0 +0/);
    expect(limits).toMatch(new RegExp(`Max file size +${SMALL.fileBytes} +${SMALL.fileBytes}`));
    expect(links.every((link) => link.startsWith("pipe:"))).toBe(true);
  });

  test("it ends with whoever made it, killed without a word", async () => {
    const house = randomUUID();
    const child = join(import.meta.dirname, "../../../test/sandbox-child.ts");
    const { host, image } = testEngine();

    spawnSync(process.execPath, [child, host, image, house], { stdio: "ignore", env: {} });

    await expect.poll(() => inHouse(house)).toEqual([]);
  });

  test("at a start, what ended badly and what is past its time goes, and what others use stays", async () => {
    const house = randomUUID();
    const { image } = testEngine();
    const label = (until: number) => ({
      "clara.sandbox.house": house,
      "clara.sandbox.until": String(until),
    });
    const make = async (until: number, house_: Record<string, string> = label(until)) => {
      const container = await (
        await engine()
      ).createContainer({
        Image: image,
        Cmd: ["sleep", "60"],
        Labels: house_,
      });
      onTestFinished(() => container.remove({ force: true }).catch(() => {}));
      await container.start();
      return container.id;
    };
    const far = systemClock.now().getTime() / 1_000 + 600;
    const [, used, foreign] = [
      await make(1),
      await make(far),
      await make(1, { "clara.sandbox.house": "other" }),
    ];

    expect(await removeLeftOver({ engine, clock: systemClock, log: silentLog }, house)).toBe(1);

    expect((await inHouse(house)).map(({ Id }) => Id)).toEqual([used]);
    expect((await inHouse("other")).map(({ Id }) => Id)).toContain(foreign);
  });

  test("as many as may be, and no more", async () => {
    const runner = openDockerRunner({ maxSandboxes: 1 });
    const first = await openSandbox(runner);

    await expect(runner.create("b", SMALL, ALIVE)).rejects.toMatchObject({ kind: "busy" });
    await first.kill();

    await openSandbox(runner);
  });
});

describeDocker("when the engine fails", () => {
  test("an engine that dies in the middle of a run is told, leaves nothing, and is used again when it is back", async () => {
    const house = randomUUID();
    const engineProxy = await openEngineProxy();
    const runner = openDockerRunner({ host: engineProxy.host, house });
    const sandbox = await openSandbox(runner);
    const running = run(sandbox, shell("echo go; sleep 60"));
    await expect.poll(async () => (await inHouse(house)).length).toBe(1);

    await engineProxy.cut();

    await expect(running).rejects.toMatchObject({ kind: "ended" });
    await expect(runner.create("a", SMALL, ALIVE)).rejects.toThrow(/Docker does not answer/);
    expect(await runner.health(ALIVE)).toMatchObject({ kind: "broken" });
    await expect.poll(() => inHouse(house)).toEqual([]);

    await engineProxy.mend();
    const again = await openSandbox(runner);
    expect((await run(again, shell("echo back"))).out).toBe("back\n");
  });

  test("an image that is missing is told, with how to get it", async () => {
    const runner = openDockerRunner({ image: "clara-none:1" });

    await expect(runner.create("a", SMALL, ALIVE)).rejects.toMatchObject({ kind: "image" });
    expect(await runner.health(ALIVE)).toMatchObject({
      kind: "broken",
      words: expect.stringContaining("docker build"),
    });
  });
});

test("an engine that is not there is told, with what to do", async () => {
  const runner = dockerAt("unix:///nowhere/docker.sock");

  await expect(runner.create("a", SMALL, ALIVE)).rejects.toThrow(
    /Docker does not answer at unix:\/\/\/nowhere/,
  );
  expect(await runner.health(ALIVE)).toMatchObject({ kind: "broken" });
});

test("an engine without an answer does not keep anybody waiting who wants to stop", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clara-engine-"));
  const silent = createServer(() => {}).listen(join(folder, "s"));
  onTestFinished(() => rm(folder, { recursive: true }));
  onTestFinished(() => void silent.close());
  const stop = new AbortController();

  const creating = dockerAt(`unix://${join(folder, "s")}`).create("a", SMALL, stop.signal);
  stop.abort(new Error("enough"));

  await expect(creating).rejects.toThrow("enough");
});

const dockerAt = (host: string) =>
  createDockerRunner(
    { clock: systemClock, createId: randomUUID, log: silentLog, findHost: null },
    { host, image: "clara-sandbox:latest", house: "x", maxSandboxes: 2 },
  );
