import { expect } from "vitest";
import { tablesWith } from "../tables-with.ts";
import type { Actor, Message } from "../fake-discord/index.ts";
import { played, type PlayedRow } from "./row.ts";
import type { Scene } from "./scene.ts";

const WORD = "pearcanary";

/** Somebody of whom something of every kind is kept, all with one word in it. */
async function newcomer(scene: Scene): Promise<Actor> {
  const { guild, asks, learns, runs, scopeOf, files, google } = scene;
  const who = guild.member("newcomer");
  const dm = who.dmPlace();
  const scope = scopeOf(who, dm);
  await asks(who, `My pears are called ${WORD}`);
  await asks(who, `Remember that they are called ${WORD}`, dm);
  await learns(who, dm, `Grows a pear called ${WORD}`);
  await runs(who, `/remind me when:tomorrow at 9 what:water the ${WORD}`);
  const content = Buffer.from(WORD);
  await files.save(scope, {
    name: `${WORD}.txt`,
    contentType: "text/plain",
    content,
    origin: null,
  });
  await google.browser().through(await google.connection.link(scope));
  expect((await google.connection.status(scope)).kind).toBe("connected");
  return who;
}

const linkIn = ({ components }: Message): string =>
  /http:\/\/clara\.test\/oauth\/google\/start\/[\w-]+/.exec(JSON.stringify(components))?.[0] ?? "";

/** What a person has with her as a whole: to take away, and to connect. */
export const PERSON_ROWS: readonly PlayedRow[] = [
  played([50, "A", "anywhere", "wants to be forgotten", "all of A is gone"], async (scene) => {
    const { people, store, runs, learns, scopeOf, google, bytes, graceIsOver } = scene;
    await learns(people.ben, scene.general, "Ben grows a pearparrot");
    const leaver = await newcomer(scene);
    const grant = [...google.state.grants.values()].at(-1);
    const shown = await runs(leaver, "/clara forget-me");
    const form = await leaver.clicks(shown, "Go on");

    const forged = await people.ben.submits(form, { typed: "forget me" });
    const refused = (await forged.followup()).content;
    const pending = await store.farewells.pending(scopeOf(leaver, leaver.dmPlace()));
    await leaver.submits(form, { typed: "forget me" });
    await expect.poll(() => shown.content).toMatch(/is gone <t:\d+:R>/);
    await graceIsOver();

    expect([refused, pending]).toEqual([expect.stringMatching(/Only the person who asked/), null]);
    expect([await tablesWith(store, WORD), bytes()]).toEqual([[], ""]);
    expect(await google.connection.status(scopeOf(leaver, leaver.dmPlace()))).toEqual({
      kind: "nothing",
    });
    expect(grant).toMatchObject({ isRevoked: true });
    expect(await tablesWith(store, "pearparrot")).toContain("public.memories");
  }),
  played([58, "B", "browser", "opens A's sign-in link", "refused"], async (scene) => {
    const { people, runs, scopeOf, google } = scene;
    const { ana, ben } = people;
    const kinds = () =>
      Promise.all(
        [ana, ben].map(
          async (who) => (await google.connection.status(scopeOf(who, who.dmPlace()))).kind,
        ),
      );
    // runs() has seen that nobody else is shown it.
    const link = linkIn(await runs(ana, "/google connect"));
    const [anas, bens] = [google.browser(), google.browser()];

    const asked = await bens.ask(link);
    const back = await anas.toGoogle(link);
    const stolen = await bens.ask(back);
    const between = await kinds();
    const own = await anas.ask(back);
    const late = await bens.ask(link);

    // With id, since names are not unique.
    expect(asked.text).toContain(`Discord user ${ana.id}`);
    expect(asked.text).toContain("Is that you?");
    expect(stolen).toMatchObject({ status: 403, text: expect.stringContaining("another browser") });
    expect([between, own.status, late.status]).toEqual([["nothing", "nothing"], 200, 410]);
    expect(await kinds()).toEqual(["connected", "nothing"]);
  }),
];
