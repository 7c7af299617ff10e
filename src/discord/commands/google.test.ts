import assert from "node:assert/strict";
import { commandContext } from "../../../test/command-context.ts";
import { expect, test } from "vitest";
import { openGoogle } from "../../../test/open-google.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newChannel, newDm, newName } from "../../../test/talk.ts";
import { googleGroup } from "./google.ts";
import type { Reply } from "./reply.ts";

const store = share(openEmbeddedStore);
const google = share(() => openGoogle(store()));

/** A person at the commands, in a channel and in a DM. */
function person() {
  const [name, channel] = [newName("ana"), newChannel()];
  const group = googleGroup({ google: google().connection });
  return async (command: string, input: Record<string, string> = {}, place = channel) => {
    const found = group.commands.find((each) => each.name === command);
    assert(found, `no command ${command}`);
    const reply = await found.run(
      input,
      commandContext(place === channel ? channel : newDm(name), name, {
        conversation: place.conversation,
      }),
    );
    return (typeof reply === "string" ? { text: reply } : reply) satisfies Reply;
  };
}

test("/google connects, says how it is, opens a place, and disconnects", async () => {
  const run = person();
  expect((await run("status")).text).toContain("not connected");
  expect((await run("here", { allowed: "on" })).text).toContain("not connected");
  expect((await run("disconnect")).text).toContain("not connected");

  const [control] = (await run("connect")).rows?.flat() ?? [];
  assert(control?.kind === "link");
  // Discord takes no longer addresses on a button.
  expect(control.url.length).toBeLessThanOrEqual(512);
  await google().browser().through(control.url);

  expect((await run("status")).text).toMatch(
    /^Connected as ana@example\.com\.\n.*Google Calendar[^]*Here others read along/,
  );
  expect((await run("here", { allowed: "on" })).text).toContain("Everybody here reads");
  expect((await run("status")).text).toContain("I may use it here.");
  expect((await run("here", { allowed: "off" })).text).toContain("stays closed");
  expect((await run("status")).text).toContain("Here others read along");
  expect((await run("here", { allowed: "on" }, newDm("x"))).text).toContain("works already");

  for (const grant of google().state.grants.values()) grant.isRevoked = true;
  expect((await run("disconnect")).text).toContain("taken back at Google");
  expect((await run("status")).text).toContain("not connected");
});
