import { expect } from "vitest";
import { contextOf } from "../menu-context.ts";
import type { Actor, Place } from "../fake-discord/index.ts";
import { played, playedListed, type PlayedRow } from "./row.ts";
import type { Scene } from "./scene.ts";

async function schedules({ store, discord }: Scene, who: Actor, where: Place, prompt: string) {
  const { scope, conversation } = contextOf(discord, who, where);
  const added = await store.schedules.add(scope, {
    place: conversation,
    prompt,
    dueAt: new Date(Date.now() - 1_000),
    repeat: null,
    times: 1,
    zone: "UTC",
    maxRunUsd: 1,
    maxMonthUsd: 10,
  });
  expect(added.kind).toBe("added");
}

/** It fires, is not worked on, nothing is said there, and its owner is told in private. */
async function isHalted(scene: Scene, who: Actor, where: Place, prompt: string): Promise<void> {
  const { store, tick, seen } = scene;
  const [said, asked] = [where.fromBot().length, seen.length];

  await tick();

  expect(await store.query("select state from schedules where prompt = $1", [prompt])).toEqual([
    { state: "halted" },
  ]);
  expect(where.fromBot()).toHaveLength(said);
  expect(seen).toHaveLength(asked);
  const inPrivate = who
    .dmPlace()
    .fromBot()
    .map(({ content }) => content);
  expect(inPrivate.some((content) => /stopped the scheduled prompt/.test(content))).toBe(true);
}

export const CLOCK_ROWS: readonly PlayedRow[] = [
  played([45, "A", "server", "schedules, then leaves", "told in private only"], async (scene) => {
    const { guild, general } = scene;
    const leaver = guild.member("leaver");
    await schedules(scene, leaver, general, "Tell the news of row 45");
    guild.kick(leaver);

    await isHalted(scene, leaver, general, "Tell the news of row 45");
  }),
  playedListed([46, "A", "server", "schedules, then loses the role", "refused"], async (scene) => {
    const { guild, general, roles } = scene;
    const loser = guild.member("loser", { roles: [roles.talkers] });
    await schedules(scene, loser, general, "Tell the news of row 46");
    guild.setRoles(loser, []);

    await isHalted(scene, loser, general, "Tell the news of row 46");
  }),
];
