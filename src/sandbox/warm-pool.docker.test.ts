import { expect, onTestFinished, test } from "vitest";
import {
  ALIVE,
  describeDocker,
  openDockerRunner,
  run,
  shell,
  SMALL,
} from "../../test/open-sandbox.ts";
import { silentLog } from "../core/log.ts";
import { createWarmPool } from "./warm-pool.ts";

function openPool(size: number, maxSandboxes = 8) {
  const runner = openDockerRunner({ maxSandboxes });
  const pool = createWarmPool({ runner, log: silentLog }, { size, limits: SMALL });
  onTestFinished(pool.empty);
  const running = async () => {
    const health = await runner.health(ALIVE);
    return health.kind === "works" ? health.running : null;
  };
  return { pool, running };
}

describeDocker("the warm pool", () => {
  test("gives out one that waits, never twice, and another one waits soon", async () => {
    const { pool, running } = openPool(1);
    await pool.fill();
    expect(await running()).toBe(1);

    const first = await pool.create("ana", SMALL, ALIVE);
    await run(first, shell("echo hers > /box/f"));
    await expect.poll(running).toBe(2);
    const second = await pool.create("ben", SMALL, ALIVE);
    onTestFinished(() => first.kill());
    onTestFinished(() => second.kill());

    expect((await run(second, shell("ls -A"))).out).toBe("");
    expect(second.id).not.toBe(first.id);
  });

  test("one with other limits is started for whoever wants it, and one that waits makes room", async () => {
    const { pool } = openPool(1, 1);
    await pool.fill();

    const larger = await pool.create("ana", { ...SMALL, processes: 20 }, ALIVE);
    onTestFinished(() => larger.kill());

    expect((await run(larger, shell("echo hi"))).out).toBe("hi\n");
  });

  test("nothing waits after it was emptied", async () => {
    const { pool, running } = openPool(2);
    await pool.fill();

    await pool.empty();

    expect(await running()).toBe(0);
    await pool.fill();
    expect(await running()).toBe(0);
  });

  test("where nobody answers, filling it breaks nothing", async () => {
    const runner = openDockerRunner({ host: "unix:///nowhere/docker.sock" });
    const pool = createWarmPool({ runner, log: silentLog }, { size: 1, limits: SMALL });

    await pool.fill();

    await expect(pool.create("ana", SMALL, ALIVE)).rejects.toMatchObject({ kind: "unavailable" });
  });
});
