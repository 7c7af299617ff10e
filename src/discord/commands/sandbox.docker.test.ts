import assert from "node:assert/strict";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { ALIVE, describeDocker, run, shell } from "../../../test/open-sandbox.ts";
import { openLocal } from "../../../test/open-sandbox-service.ts";
import { newChannel, newDm, newName } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import { silentLog } from "../../core/log.ts";
import { sandboxOwnerOf } from "../../core/sandbox-owner.ts";
import { createDesk } from "../../sandbox/index.ts";
import type { Reply } from "./reply.ts";
import { sandboxGroup } from "./sandbox.ts";

/** A person at the commands, alone with her or in a channel. */
async function openPerson(change: { readonly host?: string } = {}) {
  const name = newName("ana");
  const local = await openLocal(change);
  const desk = createDesk(
    { local, clock: systemClock, log: silentLog, fetch },
    { mode: "auto", remote: null },
  );
  const group = sandboxGroup(desk);
  const [dm, channel] = [newDm(name), newChannel()];
  const contextOf = (isOperator: boolean, place = dm) =>
    commandContext(place, name, { isOperator });
  async function use(
    command: string,
    input: Record<string, string> = {},
    isOperator = false,
    place = dm,
  ): Promise<Reply> {
    const found = group.commands.find((each) => each.name === command);
    assert(found, `no command ${command}`);
    const reply = await found.run(input, contextOf(isOperator, place));
    return typeof reply === "string" ? { text: reply } : reply;
  }
  const open = () => local.open(sandboxOwnerOf(dm.scope(name)), ALIVE);
  return { use, open, group, channel, local, contextOf };
}

describeDocker("/sandbox", () => {
  test("status tells how full one's own workspace is, and what runs to whoever runs her", async () => {
    const { use, open, group, contextOf, local } = await openPerson();
    expect((await use("status")).text).toBe("✅ Code can run.\nYour workspace here is empty.");
    await run(await open(), shell("echo x > f"));

    const own = await use("status");
    const operators = await use("status", {}, true);

    expect(own.text).toMatch(
      /holds 1 file, 1 kB of 32\.0 MB, changed <t:\d+:R>\. It runs\. 0 earlier states/,
    );
    expect(own.text).not.toMatch(/Docker/);
    expect(own.rows).toEqual([]);
    expect(operators.text).toMatch(/-# Docker \d+.*\n1\. `[\da-f]{8}` since/);
    const [control] = operators.rows?.flat() ?? [];
    assert(control?.kind === "button");
    const press = (isOperator: boolean) => {
      const action = group.actions?.[0];
      assert(action && "run" in action);
      return action.run({ data: control.data, values: [], fields: {} }, contextOf(isOperator));
    };
    expect(await press(false)).toMatchObject({ reply: { text: "That one runs no more." } });
    expect(await local.running(ALIVE)).toHaveLength(1);
    expect(await press(true)).toMatchObject({ reply: { text: "Ended; its files stay." } });
    expect(await local.running(ALIVE)).toHaveLength(0);
  });

  test("files are listed, and given as an archive, and nobody sees those of another place", async () => {
    const { use, open, channel } = await openPerson();
    await run(await open(), shell("mkdir d; echo hello > 'd/a`@everyone.txt'; echo 1 > /out/b"));

    const listed = await use("files");
    const archive = await use("files", { download: "zip" });

    expect(listed.text).toBe("`/box/d/a'@everyone.txt` 1 kB\n`/out/b` 1 kB");
    const content = archive.files?.[0]?.content;
    assert(content);
    expect(Object.keys(unzipSync(content))).toEqual(["box/d/a`@everyone.txt", "out/b"]);
    expect((await use("files", {}, false, channel)).text).toBe("Your workspace here is empty.");
  });

  test("reset goes back to an earlier state, or empties it", async () => {
    const { use, open, group, contextOf } = await openPerson();
    await run(await open(), shell("echo good > f"));
    await run(await open(), shell("echo bad > f"));
    const suggest = group.commands.find(({ name }) => name === "reset")?.suggest?.["to"];

    const [choice] = (await suggest?.("", {}, contextOf(false))) ?? [];
    expect(choice?.name).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: 1 files, 1 kB$/);
    await use("reset", { to: choice?.value ?? "" });
    expect((await run(await open(), shell("cat f"))).out).toBe("good\n");

    expect((await use("reset", { to: "none" })).text).toContain("not there any more");
    expect((await use("reset")).text).toContain("is empty");
    expect((await use("status")).text).toContain("Your workspace here is empty.");
  });

  test("mode says where code runs, and is changed by whoever runs her alone", async () => {
    const { use } = await openPerson();

    expect((await use("mode")).text).toContain("(auto)");
    expect((await use("mode", { place: "local" })).text).toContain("Only whoever runs me");
    expect((await use("mode", { place: "remote" }, true)).text).toContain("SANDBOX_API_URL");
    expect((await use("mode", { place: "local" }, true)).text).toContain("(local) from now on");
    expect((await use("mode")).text).toContain("(local)");
  });

  test("an engine that is gone is told in words", async () => {
    const { use } = await openPerson({ host: "unix:///nowhere/docker.sock" });

    expect((await use("status")).text).toMatch(/^❌ Code cannot run: Docker does not answer/);
    expect((await use("files")).text).toMatch(/^❌ Docker does not answer/);
  });
});
