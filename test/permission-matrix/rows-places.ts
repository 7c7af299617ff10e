import { expect } from "vitest";
import type { Message, Place } from "../fake-discord/index.ts";
import { played, type PlayedRow } from "./row.ts";
import type { Scene } from "./scene.ts";

const SECRET = "marzipancanary";

/** What was said where Ben may not look, and in a server where he is not. */
async function secretSaid({ people, hidden, discord, store }: Scene): Promise<readonly Message[]> {
  const abroad = discord.server("Abroad");
  const far = abroad.channel("general");
  abroad.member("ana");
  const isSaid = ({ content }: Message) => content.endsWith(`shall buy ${SECRET}`);
  if (!hidden.messages().some(isSaid)) {
    await people.ana.says(`We shall buy ${SECRET}`, { in: hidden });
    await people.ana.says(`They shall buy ${SECRET}`, { in: far });
  }
  const heard = "select 1 from messages where text like $1";
  await expect.poll(() => store.query(heard, [`%shall buy ${SECRET}`])).toHaveLength(2);
  return [...hidden.messages(), ...far.messages()].filter(isSaid);
}

const linkTo = ({ channelId, guildId, id }: Message) =>
  `https://discord.com/channels/${guildId}/${channelId}/${id}`;

/** Requests for the history or a message of these places. */
const readsOf = ({ discord }: Scene, place: Pick<Place, "id">): readonly string[] =>
  discord.journal
    .rest({ method: "GET" })
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`/channels/${place.id}/`));

/** By a link to it, in an ordinary question. */
async function asksByLink(scene: Scene, message: Message): Promise<void> {
  const { asks, people, guild } = scene;
  const before = readsOf(scene, { id: message.channelId }).length;

  const { told, said } = await asks(
    people.ben,
    `What does ${linkTo(message)} say?`,
    guild.channel("links"),
  );

  expect(told).not.toContain(SECRET);
  expect(said).not.toContain(SECRET);
  expect(readsOf(scene, { id: message.channelId })).toHaveLength(before);
}

export const PLACE_ROWS: readonly PlayedRow[] = [
  played(
    [36, "A", "group, on A's own account", "looks at his notes", "for his eyes"],
    async (scene) => {
      const { people, group, runs, learns } = scene;
      people.ana.installsApp();
      await learns(people.ana, people.ana.dmPlace(), "Ana keeps bees, beecanary");

      // runs() has seen that nobody else reads it.
      const { content } = await runs(people.ana, "/memory list search:beecanary", group);

      expect(content).toContain("beecanary");
      expect(group.fromBot()).toEqual([]);
    },
  ),
  played([37, "B", "group", "presses what A was shown", "no data"], async (scene) => {
    const { people, group } = scene;
    people.ana.installsApp();
    const handle = await people.ana.runs("/settings me", { in: group });
    const shown = await handle.response();
    const form = await people.ana.clicks(shown, "Language");

    await expect(people.ben.clicks(shown, "Language")).rejects.toThrow("only another person");
    const forged = await people.ben.submits(form, { value: "German" });

    expect((await forged.followup()).content).toMatch(/Only the person who asked/);
  }),
  played(
    [38, "B", "group, without an installation", "uses her", "only what is B's"],
    async (scene) => {
      const { people, group, runs, learns } = scene;
      people.ana.installsApp();
      await learns(people.ana, people.ana.dmPlace(), "Ana keeps bees, beecanary");

      await expect(people.ben.runs("/memory list", { in: group })).rejects.toThrow("not offered");
      const own = await runs(people.ben, "/memory list search:beecanary", people.ben.dmPlace());

      expect(own.content).not.toContain("keeps bees");
    },
  ),
  played(
    [39, "A", "server without her", "asks about its history", "nothing of it"],
    async (scene) => {
      const { people, foreign, runs } = scene;
      people.ana.installsApp();
      const message = await people.ana.says("The foreigncanary sings", { in: foreign });

      await expect(people.ana.usesMenu("Summarise from here", message)).rejects.toThrow(
        "not offered",
      );
      await expect(people.ana.runs("/catchup here", { in: foreign })).rejects.toThrow(
        "not offered",
      );
      const own = await runs(people.ana, "/memory list search:foreigncanary", foreign);

      expect(own.content).not.toContain("sings");
      expect(readsOf(scene, foreign)).toEqual([]);
    },
  ),
  played(
    [40, "B", "server", "wants to know of a channel that B cannot see", "nothing"],
    async (scene) => {
      await secretSaid(scene);
      const { people, asks, runs, guild } = scene;
      const where = guild.channel("questions");

      const order = 'DO search_chat_history {"query":"shall buy"}';
      const found = await asks(people.ben, order, where);
      const anas = await asks(people.ana, order, scene.hidden);
      const before = scene.hidden.fromBot().length;
      const caughtUp = await runs(people.ben, "/catchup all", where);
      const sent = await asks(
        people.ben,
        'DO send_message_to_channel {"channel":"hidden","text":"hello"}',
        where,
      );

      expect(anas.said).toContain(SECRET);
      expect(found.said + found.told + caughtUp.content + sent.told).not.toContain(SECRET);
      expect(scene.hidden.fromBot()).toHaveLength(before);
    },
  ),
  played(
    [41, "B", "server", "links to a message that B cannot see", "nothing of it"],
    async (scene) => {
      const [inHidden] = await secretSaid(scene);
      if (!inHidden) throw new Error("It was said");

      await asksByLink(scene, inHidden);
    },
  ),
  played(
    [42, "B", "server", "links to a message of another server", "nothing of it"],
    async (scene) => {
      const [, abroad] = await secretSaid(scene);
      if (!abroad) throw new Error("It was said");

      await asksByLink(scene, abroad);
    },
  ),
];
