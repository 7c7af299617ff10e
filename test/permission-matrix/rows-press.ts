import { expect } from "vitest";
import type { Message, Place } from "../fake-discord/index.ts";
import { played, type PlayedRow } from "./row.ts";
import type { Scene } from "./scene.ts";

const isCard = ({ buttons }: Message) => buttons.some(({ label }) => label === "Approve once");

/** Ana asks for a mail in a place of her own; the card on which somebody has to decide. */
async function card({ discord, people, guild }: Scene, to: string, place?: Place) {
  const where = place ?? guild.channel(`mail-${to}`);
  const before = where.fromBot().filter(isCard).length;
  await people.ana.says(`@Clara DO send_mail {"to":"${to}"}`, { in: where });
  await discord.until(() => where.fromBot().filter(isCard).length > before, "a card");
  const shown = where.fromBot().findLast(isCard);
  if (!shown) throw new Error("There was a card");
  return { where, shown };
}

const told = ({ discord }: Scene, { where }: { where: Place }, words: string) =>
  discord.until(() => where.fromBot().some(({ content }) => content.includes(words)), words);

export const PRESS_ROWS: readonly PlayedRow[] = [
  played([8, "B", "server", "replies 'do it' to A's words", "acts as B"], async (scene) => {
    const { people, asks, did, guild } = scene;
    const where = guild.channel("replies");
    const message = await people.ana.says("Somebody should look", { in: where });

    await asks(people.ben, 'do it DO who_am_i {"mark":"reply"}', where, { replyTo: message });

    expect(did.filter((each) => each.startsWith("reply"))).toEqual([
      `reply discord:${people.ben.id}`,
    ]);
  }),
  played([9, "B", "thread that A made", "asks", "as B, to the thread's readers"], async (scene) => {
    const { people, asks, did, store, guild } = scene;
    const thread = await people.ana.opensThread(guild.channel("threads"), "Ana's");

    const { message } = await asks(people.ben, 'DO who_am_i {"mark":"thread"}', thread);

    expect(did.at(-1)).toBe(`thread discord:${people.ben.id}`);
    const [turn] = await store.query("select audience from turns where trigger_id = $1", [
      `discord:${message.id}`,
    ]);
    expect(turn).toEqual({ audience: `channel:discord:channel:${thread.id}` });
  }),
  played(
    [30, "B", "server", "presses A's Approve", "refused, and it stays open"],
    async (scene) => {
      const asked = await card(scene, "row-30@example.com");

      const words = await scene.presses(scene.people.ben, asked.shown, "Approve once");
      const kept = scene.mailed.includes("row-30@example.com");
      await scene.people.ana.clicks(asked.shown, "Approve once");
      await told(scene, asked, "The mail to row-30@example.com is out.");

      expect(words).toBe("Only who asked for it can decide that.");
      expect(kept).toBe(false);
    },
  ),
  played([31, "A", "server", "presses twice, and too late", "once; expired"], async (scene) => {
    const { people, presses, store, mailed } = scene;
    const asked = await card(scene, "row-31@example.com");
    await people.ana.clicks(asked.shown, "Approve once");
    await told(scene, asked, "The mail to row-31@example.com is out.");
    const late = await card(scene, "late-31@example.com", asked.where);
    await store.query(
      "update approvals set expires_at = now() - interval '1 second' where state = 'open'",
    );

    expect(await presses(people.ana, late.shown, "Approve once")).toMatch(/too late|expired|old/i);
    expect(mailed.filter((to) => to.includes("31@"))).toEqual(["row-31@example.com"]);
  }),
  played([32, "A", "server", "agrees, then other arguments", "asked anew"], async (scene) => {
    const { people, mailed } = scene;
    const asked = await card(scene, "row-32@example.com");
    await people.ana.clicks(asked.shown, "Approve once");
    await told(scene, asked, "The mail to row-32@example.com is out.");

    const again = await card(scene, "evil-32@example.com", asked.where);

    expect(again.shown.content).toContain("evil-32@example.com");
    expect(mailed).not.toContain("evil-32@example.com");
  }),
  played([33, "B", "server", "sends the form that A opened", "refused"], async (scene) => {
    const { people, runs } = scene;
    const panel = await runs(people.ana, "/settings me");
    const form = await people.ana.clicks(panel, "Language");

    const forged = await people.ben.submits(form, { value: "German" });

    expect((await forged.followup()).content).toMatch(/Only the person who asked/);
    expect((await runs(people.ben, "/settings me")).content).toMatch(/Language: not set/);
    expect((await runs(people.ana, "/settings me")).content).toMatch(/Language: not set/);
  }),
  played(
    [43, "A and B", "one channel, by turns", "many questions", "each as its asker"],
    async (scene) => {
      const { people, guild, discord, did } = scene;
      const where = guild.channel("crowd");
      const askers = Array.from({ length: 16 }, (_, index) =>
        index % 2 ? people.ana : people.ben,
      );
      for (const [index, who] of askers.entries())
        await who.says(`@Clara DO who_am_i {"mark":"crowd-${index}-${who.id}"}`, { in: where });

      await discord.until(
        () => did.filter((each) => each.startsWith("crowd")).length >= askers.length,
        "all of them",
        { timeoutMs: 60_000 },
      );

      const marks = did
        .filter((each) => each.startsWith("crowd"))
        .map((each) => each.split(/[- ]/));
      for (const [, , asked, as] of marks) expect(as).toBe(`discord:${asked}`);
      expect(new Set(marks.map(([, index]) => index)).size).toBe(askers.length);
    },
  ),
  played(
    [44, "A and B", "one channel, at once", "one question each", "two turns"],
    async (scene) => {
      const { people, guild, store, discord } = scene;
      const where = guild.channel("rush");

      const messages = await Promise.all(
        [people.ana, people.ben].map((who) => who.says("@Clara and now?", { in: where })),
      );
      await discord.until(() => where.fromBot().length >= 2, "two answers");

      const turns = await store.query(
        "select person_id from turns where trigger_id = any($1) order by 1",
        [messages.map(({ id }) => `discord:${id}`)],
      );
      const askers = [people.ana, people.ben].map(({ id }) => ({ person_id: `discord:${id}` }));
      expect(turns).toHaveLength(2);
      expect(turns).toEqual(expect.arrayContaining(askers));
    },
  ),
];
