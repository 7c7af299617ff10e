import { REST } from "discord.js";
import { expect, test } from "vitest";
import { startFakeDiscord } from "../../test/fake-discord/index.ts";
import { silentLog } from "../core/log.ts";
import { principal } from "../../test/turns.ts";
import { createOperators, toPort } from "./operators.ts";

const ALIVE = new AbortController().signal;

/** A Discord that says this of the application, and how often it was asked. */
function operatorsOf(application: object) {
  let asked = 0;
  const rest = new REST({
    makeRequest: async () => {
      asked++;
      return Response.json(application);
    },
  }).setToken("token");
  return { asked: () => asked, ...createOperators({ rest, log: silentLog }) };
}

const member = (id: string, membership_state: number, role: string) => ({
  user: { id },
  membership_state,
  role,
});
const team = {
  owner: { id: "team" },
  team: {
    owner_user_id: "1",
    members: [
      member("1", 2, "admin"),
      member("2", 2, "developer"),
      member("3", 1, "admin"),
      member("4", 2, "read_only"),
    ],
  },
};

test("the owner of an application is its operator, and nobody else; Discord is asked once", async () => {
  const { isOperator, owner, asked } = operatorsOf({ owner: { id: "1" }, team: null });

  expect([await isOperator("1", ALIVE), await isOperator("2", ALIVE)]).toEqual([true, false]);
  expect(await owner(ALIVE)).toBe("1");
  expect(asked()).toBe(1);
});

test("of a team those are operators who joined and may do more than read", async () => {
  const { isOperator, owner } = operatorsOf(team);

  const found = await Promise.all(["1", "2", "3", "4", "team"].map((id) => isOperator(id, ALIVE)));

  expect(found).toEqual([true, true, false, false, false]);
  expect(await owner(ALIVE)).toBe("1");
});

test("whoever speaks is an operator by Discord's word, and by nobody else's", async () => {
  const { isOperator } = toPort(operatorsOf({ owner: { id: "1" }, team: null }));
  const ask = (name: string, platform: "discord" | "web" = "discord") =>
    isOperator(principal(name, { platform }), ALIVE);

  expect([await ask("1"), await ask("2"), await ask("1", "web")]).toEqual([true, false, false]);
});

test("while Discord does not say it, nobody is an operator, and later somebody is", async () => {
  await using discord = await startFakeDiscord();
  discord.faults.add({ kind: "reset-before", match: { path: "/applications/@me" }, times: 1 });
  const rest = new REST({ api: discord.apiBase, retries: 0 }).setToken(discord.token);
  const { isOperator } = createOperators({ rest, log: silentLog });
  const { ownerId } = discord.guild.guild;

  expect([await isOperator(ownerId, ALIVE), await isOperator(ownerId, ALIVE)]).toEqual([
    false,
    true,
  ]);
});
