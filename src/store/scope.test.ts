import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import { plantMail } from "../../test/mail-rows.ts";
import { newMcpServer } from "../../test/mcp-rows.ts";
import {
  answered,
  ask,
  converse,
  MANAGER,
  newChannel,
  newDm,
  newName,
  start,
  type Place,
  type Started,
} from "../../test/talk.ts";
import {
  CATALOGUE,
  EPISODE,
  EVER,
  FACT,
  GRANTED,
  lineOf,
  SPOKEN,
  TIMED,
  type Canary,
} from "../../test/scope-catalogue.ts";
import { guildId, messageId, userId } from "../core/ids.ts";
import { audienceKey, ScopeError, type Scope } from "../core/principal.ts";
import { LeaseLost } from "../core/turn.ts";

/** Every function that the store has now, by the name it is called by. */
function functionsOf(store: object): readonly string[] {
  return Object.entries(store).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "function") return [name];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return functionsOf(value).map((inner) => `${name}.${inner}`);
  });
}

async function plant(store: TestStore, place: Place, name: string): Promise<Canary> {
  const words = `canary-${newName("")}`;
  const heard = place.message(name, `${words} heard`, { attachments: [SPOKEN] });
  await store.inbox.hear([{ scope: place.scope(name), message: heard }]);
  await store.files.add(place.scope(name), fileOf(words), 1_000);
  const { answerId } = await converse(store, place.message(name, words), `${words} answered`);
  const running = await start(store, await ask(store, place.message(name, `${words} running`)));
  await store.ledger.reserve(place.scope(name), running.lease, place.conversation.id, [], EVER, 3);
  const approvalId = await plantCalls(store, running, place.scope(name));
  const owner = { kind: "person", userId: place.scope(name).principal.userId } as const;
  await store.mcpServers.add(newMcpServer({ owner, displayName: words }));
  const mail = await plantMail(store, place.scope(name), words);
  await store.mcpQuestions.ask(place.scope(name), {
    id: `question ${heard.id}`,
    question: { kind: "page", serverName: "", message: words, url: "https://x.example" },
    expiresAt: new Date("2100-01-01T00:00:00Z"),
  });
  const waiting = await ask(store, place.message(name, `${words} waiting`));
  await store.transcript.saveSummary(place.scope(name), place.conversation.id, {
    text: `${words} summarised`,
    upTo: heard.id,
    upToAt: heard.sentAt,
  });
  const [learned] = await store.memories.learn(
    place.scope(name),
    [{ ...FACT, text: `${words} learnt`, sources: [heard.id] }],
    running.lease.turnId,
  );
  assert(learned?.kind === "added");
  const shared =
    place.conversation.guildId === null
      ? null
      : await store.sharedFacts.add(place.scope(name), {
          text: `${words} shared`,
          kind: "other",
          sharedWith: "guild",
        });
  const due = { dueFrom: EVER, dueTo: TIMED.dueAt, sources: [heard.id] };
  await store.intentions.add(place.scope(name), [{ text: `${words} intended`, ...due }]);
  const [intention] = await store.intentions.list(place.scope(name));
  assert(intention);
  const talk = { ...EPISODE, summary: `${words} talked`, lines: [lineOf(heard)] };
  assert(await store.episodes.save(place.scope(name), place.conversation.id, talk));
  const [episode] = await store.episodes.shelf(place.scope(name));
  const told = { type: "owns", holds: true, validFrom: EVER, sources: [heard.id] };
  await store.graph.add(place.scope(name), [{ ...told, from: words, to: "the boat" }]);
  const [relation] = await store.graph.list(place.scope(name));
  assert(episode && relation);
  await store.recall.note(place.scope(name), running.lease.turnId, {
    state: "done",
    facts: [learned.id],
    messages: [heard.id],
  });
  await store.gateLog.record([
    {
      messageId: heard.id,
      conversationId: place.conversation.id,
      guildId: place.conversation.guildId,
      authorId: heard.author.userId,
      reason: words,
      at: new Date(),
    },
  ]);
  const { conversation } = place;
  const reminder = await store.reminders.add(place.scope(name), {
    ...TIMED,
    place: conversation,
    to: "here",
    text: words,
  });
  const schedule = await store.schedules.add(place.scope(name), {
    ...TIMED,
    place: conversation,
    prompt: words,
    maxRunUsd: 1,
    maxMonthUsd: 1,
  });
  return {
    mail,
    reminderId: reminder.kind === "added" ? reminder.reminder.id : 0,
    scheduleId: schedule.kind === "added" ? schedule.schedule.id : 0,
    place,
    name,
    words,
    heard,
    answerId: messageId(`discord:${answerId}`),
    running,
    waiting,
    approvalId,
    factId: learned.id,
    intentionId: intention.id,
    episodeId: episode.id,
    relationId: relation.id,
    sharedId: shared?.kind === "added" ? shared.id : "",
  };
}

/** A call that waits for a click, one that a page was read by, and something agreed to for good. */
async function plantCalls(store: TestStore, { lease }: Started, scope: Scope): Promise<string> {
  const read = { seq: 7, kind: "tool", name: "look", effect: "read", input: {} } as const;
  await store.steps.begin(lease, [read]);
  const taints = [{ source: "web", name: "example.com" }];
  await store.steps.end(lease, 7, { text: "x", isError: false, taints }, null);
  const { id } = await store.approvals.ask(lease, {
    tool: "send",
    effect: "outside",
    input: {},
    argsHash: lease.turnId,
    what: "Send",
    target: "",
    reversible: false,
    clicker: "asker",
    taints: [],
  });
  await store.query(
    `insert into tool_grants (person_id, audience, tool, args_hash) values ($1, $2, $3, $4)`,
    [scope.principal.userId, audienceKey(scope.audience), GRANTED.tool, GRANTED.argsHash],
  );
  return id;
}
const fileOf = (id: string): Parameters<TestStore["files"]["add"]>[1] => ({
  id,
  name: "a.txt",
  contentType: "text/plain",
  sizeBytes: 1,
  sha256: "",
  origin: null,
});

/** Everything in the tables that is about people, but for what changes by itself. */
async function everything(store: TestStore): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const tables = ["people", "conversations", "messages", "turns", "steps", "outbox", "usage"];
  const more = ["reservations", "summaries", "channel_settings", "gate_decisions"];
  const rights = ["approvals", "tool_grants", "tool_rules"];
  const clocks = ["reminders", "schedules"];
  const remembered = [
    "memories",
    "memory_recalls",
    "memory_receipts",
    "intentions",
    "episodes",
    "relations",
  ];
  const mail = ["accounts", "messages", "rules", "alerts", "events", "drafts", "folders"];
  const letters = mail.map((each) => `mail_${each}`);
  const found: Record<string, readonly unknown[]> = {};
  for (const table of [
    ...tables,
    ...more,
    ...rights,
    ...clocks,
    ...remembered,
    ...letters,
    "files",
  ])
    found[table] = await store.query(`select * from ${table} order by 1, 2`);
  return found;
}

/** Who must not reach a canary, from where. */
function strangersTo({ place, name }: Canary): Readonly<Record<string, Scope>> {
  const own = place.scope(name);
  const sameGuild = newChannel(place.conversation.guildId ?? undefined);
  const abroad = newChannel();
  const ben = newName("ben");
  return {
    "somebody else in private": newDm(ben).scope(ben),
    "somebody else in another channel of the guild": sameGuild.scope(ben),
    "the same person in another guild": abroad.scope(name),
    "who keeps order in another guild": abroad.scope(ben, MANAGER),
    "somebody else who claims the same private place": {
      principal: newDm(ben).scope(ben).principal,
      audience: { kind: "private", userId: userId(`discord:${name}`) },
    },
    "a scope whose guilds differ": {
      principal: { ...own.principal, guildId: guildId("discord:elsewhere"), ...MANAGER },
      audience: sameGuild.conversation.audience,
    },
  };
}

const nothing = (shown: unknown): boolean =>
  shown === null ||
  shown === undefined ||
  shown === false ||
  (Array.isArray(shown) && shown.length === 0) ||
  (typeof shown === "object" && "kind" in shown && shown.kind === "unchanged");

const isInGuild = ({ principal }: Scope, { place }: Canary): boolean =>
  principal.guildId !== null && principal.guildId === place.conversation.guildId;

function nullIfRefused(error: unknown): null {
  if (error instanceof ScopeError || error instanceof LeaseLost) return null;
  throw error;
}

const byScope = Object.entries(CATALOGUE).flatMap(([name, entry]) =>
  entry.takes === "scope" ? [[name, entry] as const] : [],
);

const PLACES: readonly (readonly [string, (name: string) => Place])[] = [
  ["a DM", (name) => newDm(name)],
  ["a channel", () => newChannel()],
];

describeStore("The stores", (open) => {
  const store = share(open);

  test("have no function that is not in the catalogue, and the catalogue none that is gone", () => {
    const { query: _, ...rest } = store();

    expect(functionsOf(rest).toSorted()).toEqual(Object.keys(CATALOGUE).toSorted());
  });

  test.each(Object.entries(CATALOGUE).filter(([, { takes }]) => takes === "neither"))(
    "%s says why it needs no scope",
    (_, entry) => {
      expect(entry).toMatchObject({ because: expect.stringMatching(/\w+ \w+/) });
    },
  );

  describe.each(PLACES)("with words in %s,", (_, makePlace) => {
    const canary = share(async () => {
      const name = newName("ana");
      const planted = await plant(store(), makePlace(name), name);
      return { ...planted, [Symbol.asyncDispose]: async () => {} };
    });

    test.each(byScope)("%s shows and changes nothing to strangers", async (_name, entry) => {
      const before = await everything(store());

      for (const [stranger, scope] of Object.entries(strangersTo(canary()))) {
        if (entry.withinGuild === true && isInGuild(scope, canary())) continue;
        const shown = await entry
          .call({ store: store(), scope, canary: canary() })
          .catch(nullIfRefused);
        expect(nothing(shown), `${stranger} sees ${JSON.stringify(shown)}`).toBe(true);
      }

      const after = await everything(store());
      for (const [table, rows] of Object.entries(before)) {
        const found = after[table] ?? [];
        const old = found.filter((row) => rows.some((same) => isDeepStrictEqual(same, row)));
        expect(entry.leaves?.includes(table) === true ? old : found).toEqual(rows);
      }
    });

    test.each(["recent", "chain", "search", "summary"])(
      "transcript.%s shows them to their own",
      async (reading) => {
        const { place, name, words } = canary();
        const entry = CATALOGUE[`transcript.${reading}`];
        const own = { store: store(), scope: place.scope(name), canary: canary() };

        const shown = entry?.takes === "scope" ? await entry.call(own) : null;

        expect(JSON.stringify(shown)).toContain(words);
      },
    );
  });

  test("a channel's words reach those who read there, and no private words do", async () => {
    const name = newName("ana");
    const [dm, channel] = [newDm(name), newChannel()];
    await converse(store(), dm.message(name, "private words"), "private answer");
    await converse(store(), channel.message(name, "public words"), "public answer");
    const readBy = async (scope: Scope) => {
      const lines = await Promise.all(
        [dm, channel].map(({ conversation }) =>
          store().transcript.recent(scope, conversation.id, { limit: 9, upTo: null, after: null }),
        ),
      );
      return lines.flat().map(({ text }) => text);
    };

    expect(await readBy(channel.scope("ben"))).toEqual(["public words", "public answer"]);
    expect(await readBy(channel.scope(name))).toEqual(["public words", "public answer"]);
    expect(await readBy(dm.scope(name))).toEqual(["private words", "private answer"]);
  });

  test("a chain of replies does not lead from one place into another", async () => {
    const name = newName("ana");
    const [dm, channel] = [newDm(name), newChannel()];
    const secret = dm.message(name, "private words");
    const reply = channel.message(name, "about that", { replyTo: secret.id });
    await store().inbox.hear([
      { scope: dm.scope(name), message: secret },
      { scope: channel.scope(name), message: reply },
    ]);

    const lines = await store().transcript.chain(channel.scope(name), reply.id, 10);

    expect(lines.map(({ text }) => text)).toEqual(["about that"]);
  });

  test("a turn's answer is kept for its own readers only, though its worker has no scope", async () => {
    const name = newName("ana");
    const dm = newDm(name);
    const { lease, job } = await start(store(), await ask(store(), dm.message(name, "hm?")));
    await store().turns.finish(lease, job, answered("only for you"));

    const [row] = await store().query("select audience from messages where text = 'only for you'");

    expect(row).toEqual({ audience: `private:discord:${name}` });
  });
});
