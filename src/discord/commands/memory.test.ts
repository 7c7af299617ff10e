import assert from "node:assert/strict";
import { commandContext } from "../../../test/command-context.ts";
import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { FACT } from "../../../test/scope-catalogue.ts";
import { newChannel, newDm, newName, type Place } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import { messageId } from "../../core/ids.ts";
import { PROJECT } from "../../core/memory.ts";
import type { JsonObject } from "../../core/model.ts";
import type { Pressed } from "./define-action.ts";
import type { CommandContext } from "./define-command.ts";
import { rememberThis, whatYouKnow } from "./memory-menu.ts";
import { memoryGroup } from "./memory.ts";
import type { Control, Reply } from "./reply.ts";

const store = share(openEmbeddedStore);

const ADMIN = { isGuildAdmin: true };
const DAY_MS = 86_400_000;
const LATER = {
  text: "Ask how the exam went",
  dueFrom: new Date(Date.now() + DAY_MS),
  dueTo: new Date(Date.now() + 2 * DAY_MS),
  sources: [],
};

const RELATION = {
  from: "",
  type: "works at",
  to: "Acme",
  holds: true,
  validFrom: new Date(),
  sources: [],
};

/** A person at the commands, in a channel. */
function scene(rights: Partial<CommandContext> = {}, place = newChannel()) {
  const name = newName("ana");
  const context = { ...commandContext(place, name), ...rights };
  const group = memoryGroup({
    ...store(),
    clock: systemClock,
    attachments: {
      fetch: async ({ url }, maxBytes) =>
        url.length > maxBytes
          ? { kind: "too-large" }
          : { kind: "fetched", bytes: Buffer.from(url) },
    },
  });

  async function run(
    command: string,
    input: Record<string, string> = {},
    file: string | null = null,
  ): Promise<Reply> {
    const found = group.commands.find((each) => each.name === command);
    assert(found, `no command ${command}`);
    const about = { id: "1", name: "a.json", contentType: null, sizeBytes: 1 };
    const attachments = file === null ? {} : { file: { ...about, url: file } };
    const reply = await found.run(input, { ...context, attachments });
    return typeof reply === "string" ? { text: reply } : reply;
  }

  async function press(
    action: string,
    pressed: Partial<Pressed> & { readonly data: JsonObject },
    as = context,
  ): Promise<Reply> {
    const found = group.actions?.find((each) => each.name === action);
    assert(found && "run" in found, `no action ${action}`);
    const outcome = await found.run({ values: [], fields: {}, ...pressed }, as);
    assert(outcome.kind !== "nothing");
    return outcome.reply;
  }

  const learn = async (text: string, at: Place = place) => {
    const [learned] = await store().memories.learn(at.scope(name), [{ ...FACT, text }]);
    assert(learned && learned.kind !== "refused");
    return learned.id;
  };
  const texts = async () => {
    const page = { words: null, withPast: false, offset: 0, limit: 100 };
    const { facts } = await store().memories.list(newDm(name).scope(name), page);
    return facts.map(({ text }) => text).toSorted();
  };
  return { name, place, context, group, run, press, learn, texts };
}

const controlsOf = ({ rows = [] }: Reply): readonly Control[] => rows.flat();

const control = (reply: Reply, action: string): JsonObject => {
  const found = controlsOf(reply).find((each) => each.kind !== "link" && each.action === action);
  assert(found && found.kind !== "link", `no control for ${action}`);
  return found.data;
};

test("every control leads to an action that is there", async () => {
  const { run, learn, group, context } = scene(ADMIN);
  const id = await learn("Likes tea");
  await run("never", { about: "health" });
  await store().intentions.add(context.scope, [LATER]);
  await store().graph.add(context.scope, [RELATION]);
  await store().sharedFacts.add(context.scope, {
    text: "Meets on Tuesdays",
    kind: "other",
    sharedWith: "guild",
  });
  const replies = await Promise.all([
    run("list"),
    run("show", { id }),
    run("never"),
    run("plans"),
    run("relations"),
    run("shared"),
    run("import"),
    run("forget-all"),
    run("forget", { id }),
  ]);

  const wanted = replies
    .flatMap(controlsOf)
    .flatMap((each) => (each.kind === "link" ? [] : [each.action]));

  expect(wanted.length).toBeGreaterThan(8);
  expect(group.actions?.map(({ name }) => name)).toEqual(expect.arrayContaining(wanted));
});

test("/memory list shows the person's own, wherever it was said, and nobody else's", async () => {
  const { run, learn, name, place } = scene();
  await learn("Said here");
  await learn("Said in private", newDm(name));
  const ben = place.scope(newName("ben"));
  await store().memories.learn(ben, [{ ...FACT, text: "Ben's own" }]);

  const { text } = await run("list");

  expect(text).toContain("**2 memories**");
  expect(text).toContain("Said in private");
  expect(text).not.toContain("Ben's own");
});

test("/memory list turns pages and searches", async () => {
  const { run, press, learn } = scene();
  for (const n of "abcdefghijkl") await learn(`Fact ${n}`);

  const first = await run("list");
  const second = await press("memory-page", { data: { words: "", offset: 8 } });
  const found = await run("list", { search: "fact b" });

  expect(first.text).toContain("12 memories");
  expect(second.text).toContain("from 9");
  expect(found.text).toContain("Fact b");
  expect(found.text).not.toContain("Fact c");
});

test("/memory show leads to the message that proves it", async () => {
  const { run, name, place } = scene();
  const said = place.message(name, "I like tea");
  await store().inbox.hear([{ scope: place.scope(name), message: said }]);
  const [learned] = await store().memories.learn(place.scope(name), [
    { ...FACT, text: "Likes tea", sources: [said.id], conversationId: place.conversation.id },
  ]);
  assert(learned && learned.kind !== "refused");

  const reply = await run("show", { id: learned.id });

  const guild = place.conversation.guildId?.split(":")[1];
  expect(controlsOf(reply).at(-1)).toMatchObject({
    url: `https://discord.com/channels/${guild}/${place.conversation.channelId}/${said.id.split(":")[1]}`,
  });
});

test("a memory is edited by a form, pinned, and narrowed", async () => {
  const { run, press, learn, group, context, texts } = scene();
  const id = await learn("Likes tee");
  const shown = await run("show", { id });
  const open = group.actions?.find(({ name }) => name === "memory-edit-form");
  assert(open && "form" in open);
  const data = control(shown, "memory-edit-form");
  const form = open.form({ data, values: [], fields: {} }, context);

  const edited = await press("memory-edit", {
    data: form.data,
    fields: { text: "Likes tea", kind: "Preference" },
  });
  const pinned = await press("memory-pin", { data: control(edited, "memory-pin") });
  const narrowed = await press("memory-reach", {
    data: control(pinned, "memory-reach"),
    values: ["private"],
  });

  expect(form.fields[0]?.value).toBe("Likes tee");
  expect(edited.text).toContain("preference");
  expect(pinned.text).toContain("📌");
  expect(narrowed.text).toContain("only you");
  expect(await texts()).toEqual(["Likes tea"]);
});

test("another person's press reaches nothing", async () => {
  const { press, learn, place, texts } = scene();
  const id = await learn("Likes tea");
  const ben = commandContext(place, newName("ben"));

  await press("memory-forget", { data: { id } }, ben);
  await press("memory-edit", { data: { id }, fields: { text: "forged" } }, ben);
  await press("memory-forget-all", { data: {} }, ben);

  expect(await texts()).toEqual(["Likes tea"]);
});

test("forgetting asks first, and can be undone", async () => {
  const { run, press, learn, texts } = scene();
  const id = await learn("Likes tea");
  await learn("Likes cake");

  const one = await run("forget", { id });
  await press("memory-restore", { data: control(one, "memory-restore") });
  const asked = await run("forget-all");
  const before = await texts();
  const all = await press("memory-forget-all", { data: control(asked, "memory-forget-all") });
  const gone = await texts();
  await press("memory-restore-all", { data: control(all, "memory-restore-all") });

  expect(before).toEqual(["Likes cake", "Likes tea"]);
  expect(gone).toEqual([]);
  expect(await texts()).toEqual(["Likes cake", "Likes tea"]);
});

test("an export comes back by an import, without what holds no longer", async () => {
  const [ana, ben] = [scene(), scene()];
  const old = await ana.learn("Likes tee");
  await store().memories.change(ana.context.scope, old, { text: "Likes tea" });
  await ana.learn("Sails");

  const { files = [] } = await ana.run("export");
  const json = new TextDecoder().decode(files[0]?.content);
  const markdown = new TextDecoder().decode(files[1]?.content);
  const card = await ben.run("import", {}, json);
  const before = await ben.texts();
  const imported = await ben.press("memory-import-confirm", {
    data: control(card, "memory-import-confirm"),
  });
  const again = await ben.run("import", {}, json);
  const lines = await ben.press("memory-import", {
    data: {},
    fields: { content: "- Sails\n- Skis\n- The PIN is 4711" },
  });
  await ben.press("memory-import-confirm", { data: control(lines, "memory-import-confirm") });
  const broken = await ben.run("import", {}, json.slice(0, 90));
  const large = await ben.run("import", {}, " ".repeat(9_000_000));

  expect(markdown).toContain("- Likes tee, from 2026-01-01 to ");
  expect(json).not.toContain(ana.name);
  expect(card.text).toBe(
    "**From an export of mine**\n- 2 new\n- 0 known before, or twice in the file\n- left out: 1 that hold no longer",
  );
  expect(before).toEqual([]);
  expect(imported.text).toBe("2 new, 0 known before, 0 refused.");
  expect(again.text).toContain("- 0 new\n- 2 known before");
  expect(controlsOf(again)).toEqual([]);
  expect(lines.text).toContain("refused: 1 with a password, a PIN or a key in it");
  expect(broken.text).toContain("cannot read");
  expect(large.text).toContain("larger than 8 MB");
  expect(await ben.texts()).toEqual(["Likes tea", "Sails", "Skis"]);
});

test("wishes are kept: pause, off, never", async () => {
  const { run, press, place, name } = scene();
  await run("never", { about: "My Health" });
  const refused = await store().memories.learn(place.scope(name), [
    { ...FACT, text: "health issue" },
  ]);
  const shown = await run("never");
  const cleared = await press("memory-never-remove", { data: {}, values: ["my health"] });
  await run("pause");

  expect(refused).toEqual([{ kind: "refused", because: "never" }]);
  expect(shown.text).toContain("- my health");
  expect(cleared.text).toContain("empty");
  expect((await run("list")).text).toContain("paused");
  expect((await run("resume")).text).toContain("on");
});

test("suggestions are the person's own memories that hold what is typed", async () => {
  const { group, learn, context } = scene();
  const id = await learn("Likes tea");
  await learn("Sails");
  const suggest = group.commands.find(({ name }) => name === "forget")?.suggest?.["id"];

  expect(await suggest?.("TEA", {}, context)).toEqual([{ name: "Likes tea", value: id }]);
});

test("Remember this keeps one's own words as such, and another's as another's", async () => {
  const { context, name, texts } = scene();
  const menu = rememberThis({ memories: store().memories, clock: systemClock });
  assert(menu.on === "message");
  const target = (authorId: string, authorName: string, text: string) => ({
    kind: "message" as const,
    id: messageId("discord:1"),
    authorId,
    authorName,
    text,
    sentAt: new Date(),
    url: "https://discord.com/channels/1/2/3",
  });

  await menu.run(target(name, "Ana", "I like tea\n> you said rum"), context);
  await menu.run(target("ben", "Ben", "The key is under the mat"), context);
  const empty = await menu.run(target("ben", "Ben", "> quote"), context);

  expect(await texts()).toEqual(["Ben wrote: The key is under the mat", "I like tea"]);
  expect(empty).toMatchObject({ reply: { text: expect.stringContaining("no words") } });
});

test.each([
  ["who manages the server", { isGuildAdmin: true }, "server", "I will know it"],
  ["the operator", { isOperator: true }, "everybody", "I will know it for everybody whom"],
  ["anybody else", {}, "server", "Only those who manage this server"],
  ["who manages one server", { isGuildAdmin: true }, "everybody", "Only the operator"],
])("/memory share, by %s", async (_, rights, whom, says) => {
  const { run, place } = scene(rights);
  const words = newName("Our bus leaves at nine");

  const { text } = await run("share", { text: words, with: whom });

  expect(text).toContain(says);
  const shared = await scene({}, place).run("shared");
  expect(shared.text.includes(words)).toBe(says.startsWith("I will"));
});

test("/memory share keeps no password, and says so", async () => {
  const { run, place } = scene(ADMIN);

  const { text } = await run("share", { text: "Our door code is 471122" });

  expect(text).toContain("a password, a PIN or a key");
  expect((await scene({}, place).run("shared")).text).not.toContain("471122");
});

test("what is shared is taken away by those who may, and by nobody else", async () => {
  const { run, press, context, place } = scene(ADMIN);
  await run("share", { text: "Our bus leaves at nine" });
  const ofGuild = async () =>
    (await store().sharedFacts.list(context.scope)).filter(({ ownerId }) => ownerId !== PROJECT);
  const [fact] = await ofGuild();
  assert(fact);
  const gone = { data: {}, values: [fact.id] };

  const refused = await scene({}, place).press("memory-shared-remove", gone);
  const removed = await press("memory-shared-remove", gone);

  expect(refused.text).toContain("Only those who manage");
  expect(removed.text).toContain("Forgotten, for everybody.");
  expect(await ofGuild()).toEqual([]);
});

test("/memory plans shows what she wants to ask, and takes it off", async () => {
  const { run, press, context } = scene();
  await store().intentions.add(context.scope, [LATER]);
  const { text } = await run("plans");
  const [plan] = await store().intentions.list(context.scope);

  const after = await press("memory-plan-cancel", { data: {}, values: [plan?.id ?? ""] });

  expect(text).toContain("Ask how the exam went (<t:");
  expect(after.text).toBe("I will not ask about that.\nThere is nothing I mean to ask you.");
});

test("/memory relations shows how things hang together, and forgets one", async () => {
  const { run, press, context, name } = scene();
  await store().graph.add(context.scope, [RELATION]);
  const { text } = await run("relations");
  const [relation] = await store().graph.list(context.scope);

  const after = await press("memory-relation-remove", { data: {}, values: [relation?.id ?? ""] });

  expect(text).toBe(`- ${name} works at Acme`);
  expect(after.text).toBe("Forgotten.\nI keep nothing of that kind.");
});

test("what she knows of somebody is what everybody here may know; of oneself, all of it", async () => {
  const { learn, place, name, context } = scene();
  await learn("Sails");
  await learn("Said in private", newDm(name));
  await learn("Said elsewhere", newChannel());
  const menu = whatYouKnow({ memories: store().memories });
  assert(menu.on === "person");
  const ana = { kind: "person" as const, userId: name, name: "Ana" };
  const ben = newName("ben");

  const own = await menu.run(ana, context);
  const byBen = await menu.run(ana, commandContext(place, ben));
  const abroad = await menu.run(ana, commandContext(newChannel(), ben));
  const inPrivate = await menu.run(ana, commandContext(newDm(ben), ben));

  expect(JSON.stringify(own)).toMatch(/Said in private/);
  expect(JSON.stringify(byBen)).toContain("Sails");
  expect(JSON.stringify(byBen)).not.toMatch(/Said/);
  expect(JSON.stringify([abroad, inPrivate])).not.toMatch(/Sails|Said/);
});

test.each([
  [
    "relations",
    105,
    ({ scope }: CommandContext, count: number) =>
      store().graph.add(
        scope,
        Array.from({ length: count }, (_, at) => ({ ...RELATION, to: `Firm ${at}` })),
      ),
  ],
  [
    "plans",
    20,
    ({ scope }: CommandContext, count: number) =>
      store().intentions.add(
        scope,
        Array.from({ length: count }, (_, at) => ({
          ...LATER,
          text: [1, 2, 3].map((word) => String.fromCodePoint(97 + at).repeat(2 + word)).join(" "),
        })),
      ),
  ],
  [
    "shared",
    30,
    async ({ scope }: CommandContext, count: number) => {
      // What another test said for everybody would stand on the last page, and is not hers to remove.
      await store().query("delete from memories where owner_id = $1", [PROJECT]);
      for (let at = 0; at < count; at++) {
        const fact = { text: `Room ${at} is open`, kind: "other", sharedWith: "guild" } as const;
        await store().sharedFacts.add(scope, fact);
      }
    },
  ],
] as const)(
  "/memory %s shows and removes what is on later pages, too",
  async (what, count, add) => {
    const { run, press, context } = scene(ADMIN);
    await add(context, count);
    const choices = (reply: Reply) =>
      controlsOf(reply).flatMap((each) =>
        each.kind === "select" && typeof each.from === "object"
          ? [{ ...each, values: each.from.map(({ value }) => value) }]
          : [],
      );
    const further = (reply: Reply) =>
      controlsOf(reply).find((each) => each.kind === "button" && each.label === "Further");

    const pages = [await run(what)];
    for (let next = further(pages[0] ?? { text: "" }); next?.kind === "button";) {
      if (next.isDisabled === true) break;
      const page = await press(next.action, { data: next.data });
      pages.push(page);
      next = further(page);
    }
    const seen = new Set(pages.flatMap((page) => choices(page).flatMap(({ values }) => values)));
    const lastPage = choices(pages.at(-1) ?? { text: "" })[0];
    assert(lastPage);
    let after: Reply = { text: "" };
    for (const value of lastPage.values)
      after = await press(lastPage.action, { data: lastPage.data, values: [value] });

    expect(seen.size).toBe(count);
    expect(choices(after)[0]?.values).toEqual(choices(pages.at(-2) ?? { text: "" })[0]?.values);
    expect(further(after)).toMatchObject({ isDisabled: true });
  },
);
