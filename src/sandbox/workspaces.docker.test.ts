import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  ALIVE,
  describeDocker,
  python,
  run,
  session,
  shell,
  SMALL,
  testEngine,
} from "../../test/open-sandbox.ts";
import { sandboxContract } from "../../test/sandbox-contract.ts";
import { systemClock, type Clock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import { createLocalSandboxes } from "./index.ts";

const IDLE_MS = 900_000;

async function openFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "clara-workspaces-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

function openIn(
  dir: string,
  {
    clock = systemClock,
    maxSandboxes = 8,
  }: { readonly clock?: Clock; readonly maxSandboxes?: number } = {},
) {
  const workspaces = createLocalSandboxes(
    { clock, createId: randomUUID, log: silentLog, findHost: null },
    {
      docker: { ...testEngine(), house: randomUUID(), maxSandboxes },
      limits: SMALL,
      warm: 0,
      idleMs: IDLE_MS,
      dir,
    },
  );
  onTestFinished(workspaces.close);
  return workspaces;
}

describeDocker("workspaces", () => {
  sandboxContract("a workspace of an owner of its own", async () => {
    const workspaces = openIn(await openFolder());
    let count = 0;
    return {
      create: (_, __, signal) => {
        count += 1;
        return workspaces.open(`ana.place${count}`, signal);
      },
      health: workspaces.health,
    };
  });

  test("files are there again after everything ended, names of a session are not", async () => {
    const dir = await openFolder();
    const first = openIn(dir);
    const before = await first.open("ana.home", ALIVE);
    await run(before, session("x = 1; open('/box/a.txt', 'w').write('kept')"));
    await run(
      before,
      shell(
        "mkdir -p d; echo 'echo ran' > d/run; chmod +x d/run; ln -s /etc/passwd l; echo shown > /out/b",
      ),
    );
    await first.close();

    const after = await openIn(dir).open("ana.home", ALIVE);

    expect((await run(after, shell("cat a.txt /out/b; d/run; ls -A"))).out).toBe(
      "keptshown\nran\na.txt\nd\n",
    );
    expect(await run(after, session("x"))).toMatchObject({ exitCode: 1, isNew: true });
  });

  test("it is kept after each run, also when the sandbox then dies without a word", async () => {
    const workspaces = openIn(await openFolder());
    const workspace = await workspaces.open("ana.home", ALIVE);
    await run(workspace, shell("echo one > f"));
    await workspace.put(
      [{ path: "/box/g", bytes: Buffer.from("two"), isProgram: false, modifiedAt: new Date(0) }],
      ALIVE,
    );
    await workspace.kill();

    await expect.poll(async () => (await workspaces.running(ALIVE)).length).toBe(0);
    const again = await workspaces.open("ana.home", ALIVE);

    expect((await run(again, shell("cat f g"))).out).toBe("one\ntwo");
  });

  test("one owner never sees what another has, nor the same person's in another place", async () => {
    const workspaces = openIn(await openFolder());
    await run(await workspaces.open("ana.home", ALIVE), shell("echo secret > f"));

    const others = [
      await workspaces.open("ben.home", ALIVE),
      await workspaces.open("ana.work", ALIVE),
    ];

    expect(
      (await Promise.all(others.map((other) => run(other, shell("ls -A"))))).map(({ out }) => out),
    ).toEqual(["", ""]);
  });

  test("marks outlive the sandbox, and no program sees them", async () => {
    const dir = await openFolder();
    const first = openIn(dir);
    const workspace = await first.open("ana.home", ALIVE);
    await workspace.mark(["web:a.example", "file:b.csv", "web:a.example"]);
    expect((await run(workspace, shell("grep -r example /box /out /tmp; ls -A"))).out).toBe("");
    await first.close();

    const after = await openIn(dir).open("ana.home", ALIVE);

    expect(await after.marks()).toEqual(["web:a.example", "file:b.csv"]);
  });

  test("it goes back to how it was before a run, and back again", async () => {
    const workspaces = openIn(await openFolder());
    await run(await workspaces.open("ana.home", ALIVE), shell("echo good > f"));
    await run(await workspaces.open("ana.home", ALIVE), shell("echo bad > f; echo more > g"));
    const { snapshots, files } = await workspaces.status("ana.home", ALIVE);

    expect(files).toBe(2);
    expect(await workspaces.rollBack("ana.home", snapshots[1]?.id ?? "", ALIVE)).toBe(true);

    const back = await workspaces.open("ana.home", ALIVE);
    expect((await run(back, shell("cat f; ls"))).out).toBe("good\nf\n");
    expect(await workspaces.rollBack("ana.home", "none", ALIVE)).toBe(false);
  });

  test("what is forgotten is gone, in the sandbox and on the disk", async () => {
    const workspaces = openIn(await openFolder());
    await run(await workspaces.open("ana.home", ALIVE), shell("echo x > f"));
    await run(await workspaces.open("ana.work", ALIVE), shell("echo x > f"));

    await workspaces.forget("ana", ALIVE);

    expect(await workspaces.running(ALIVE)).toEqual([]);
    expect(await workspaces.status("ana.home", ALIVE)).toMatchObject({
      files: 0,
      isRunning: false,
    });
    expect((await run(await workspaces.open("ana.work", ALIVE), shell("ls -A"))).out).toBe("");
  });

  test("who does not use his makes room for others, and finds it as he left it", async () => {
    const workspaces = openIn(await openFolder(), { maxSandboxes: 1 });
    await run(await workspaces.open("ana.home", ALIVE), shell("echo hers > f"));

    await run(await workspaces.open("ben.home", ALIVE), shell("echo his > f"));

    expect((await workspaces.running(ALIVE)).map(({ owner }) => owner)).toEqual(["ben.home"]);
    expect((await run(await workspaces.open("ana.home", ALIVE), shell("cat f"))).out).toBe(
      "hers\n",
    );
  });

  test("nobody makes room while he uses his", async () => {
    const workspaces = openIn(await openFolder(), { maxSandboxes: 1 });
    const stop = new AbortController();
    const busy = run(await workspaces.open("ana.home", ALIVE), shell("sleep 20"), {}, stop.signal);
    await expect.poll(async () => (await workspaces.running(ALIVE))[0]?.isBusy).toBe(true);

    await expect(workspaces.open("ben.home", ALIVE)).rejects.toMatchObject({ kind: "busy" });

    stop.abort(new Error("enough"));
    await expect(busy).rejects.toThrow("enough");
  });

  test("what nobody uses ends, with a service that also ends with everything closed", async () => {
    let now = new Date();
    const workspaces = openIn(await openFolder(), { clock: { ...systemClock, now: () => now } });
    const stop = new AbortController();
    await run(await workspaces.open("ana.home", ALIVE), shell("echo x > f"));
    now = new Date(now.getTime() + IDLE_MS + 1);
    await run(await workspaces.open("ben.home", ALIVE), shell("echo x > f"));

    const running = workspaces.run(stop.signal);

    await expect
      .poll(async () => (await workspaces.running(ALIVE)).map(({ owner }) => owner))
      .toEqual(["ben.home"]);
    stop.abort();
    await running;
    expect(await workspaces.running(ALIVE)).toEqual([]);
  });

  test("two processes with the same folder go on where the other one ended", async () => {
    const dir = await openFolder();
    const [one, other] = [openIn(dir), openIn(dir)];
    const write = async (workspaces: typeof one, text: string) =>
      run(await workspaces.open("ana.home", ALIVE), shell(`echo ${text} >> f; cat f`));

    const said = [await write(one, "a"), await write(other, "b"), await write(one, "c")];

    expect(said.map(({ out }) => out)).toEqual(["a\n", "a\nb\n", "a\nb\nc\n"]);
  });

  test("a clock that goes back loses nothing", async () => {
    let now = new Date("2026-11-25T12:00:00Z");
    const dir = await openFolder();
    const clock = { ...systemClock, now: () => now };
    const first = openIn(dir, { clock });
    await run(await first.open("ana.home", ALIVE), shell("echo a > f"));
    now = new Date("2026-11-25T11:00:00Z");
    await run(await first.open("ana.home", ALIVE), shell("echo b >> f"));
    await run(await first.open("ana.home", ALIVE), shell("echo c >> f"));
    await first.close();

    const after = await openIn(dir, { clock }).open("ana.home", ALIVE);

    expect((await run(after, shell("cat f"))).out).toBe("a\nb\nc\n");
  });

  test("runs at once wait for each other", async () => {
    const workspace = await openIn(await openFolder()).open("ana.home", ALIVE);

    const ran = await Promise.all(
      [1, 2, 3].map((number) => run(workspace, python(`print(${number})`))),
    );

    expect(ran.map(({ out }) => out)).toEqual(["1\n", "2\n", "3\n"]);
  });

  test("an admin sees what runs, and ends it", async () => {
    const workspaces = openIn(await openFolder());
    await workspaces.open("ana.home", ALIVE);
    const [found] = await workspaces.running(ALIVE);

    expect(await workspaces.stop(found?.id ?? "", ALIVE)).toBe(true);

    expect(await workspaces.running(ALIVE)).toEqual([]);
    expect(await workspaces.stop("none", ALIVE)).toBe(false);
  });
});
