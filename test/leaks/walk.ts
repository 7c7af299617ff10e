import { systemClock } from "../../src/core/clock.ts";
import { silentLog } from "../../src/core/log.ts";
import type { Reach } from "../../src/core/memory.ts";
import type { RecallSource } from "../../src/core/recall.ts";
import { audienceKey, readableKeys, type Scope } from "../../src/core/principal.ts";
import { createRecall } from "../../src/memory/recall.ts";
import type { Store } from "../../src/store/start-store.ts";
import { FACT, lineOf } from "../scope-catalogue.ts";
import { newChannel, newDm, newName, type Place } from "../talk.ts";

type Parts = Pick<
  Store,
  "memories" | "inbox" | "sharedFacts" | "intentions" | "episodes" | "graph"
> & { readonly recall: RecallSource };

export interface Walk {
  readonly operations: number;
  /** Canaries that were shown where they may be: a walk that sees none shows nothing. */
  readonly seen: number;
  readonly leaks: readonly string[];
}

const TOPICS = ["apples", "boats", "cheese", "dancing"];

/** What was planted, and who may see it by the rules; kept apart from the code that is tried. */
interface Canary {
  readonly word: string;
  readonly owner: string;
  /** null for a message: nothing changes its readers. */
  readonly factId: string | null;
  audience: string;
  readonly saidTo: string;
  readonly guild: string | null;
  /** A person's own, as facts are; a talk and what a guild shares belong to their place. */
  readonly isOwned?: boolean;
}

/**
 * Random doings of three people in four kinds of places, each private thing with a word of its own in it. After each
 * look at the memory every such word that was shown must be one that everybody in that place may know.
 */
export async function walk(store: Parts, random: () => number, operations: number): Promise<Walk> {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const people = ["ana", "ben", "carl"].map(newName);
  const guild = newChannel();
  const places = [guild, newChannel(guild.conversation.guildId ?? undefined), newChannel()];
  const dms = new Map(people.map((name) => [name, newDm(name)]));
  const recall = createRecall({
    embedder: null,
    source: store.recall,
    episodes: store.episodes,
    graph: store.graph,
    clock: systemClock,
    log: silentLog,
    deadlineMs: 600_000,
  });
  const canaries: Canary[] = [];
  const leaks: string[] = [];
  let seen = 0;
  let planted = 0;

  const somewhere = (name: string): Place => pick([dms.get(name)!, dms.get(name)!, ...places]);
  const someOf = (name: string): Canary | undefined =>
    pick(canaries.filter(({ owner, factId }) => owner === name && factId !== null));

  function check(what: string, scope: Scope, shown: unknown): void {
    const text = JSON.stringify(shown);
    for (const [word] of text.matchAll(/canary\d+x/g)) {
      const canary = canaries.find((each) => each.word === word);
      if (canary && mayKnow(canary, scope)) seen++;
      else
        leaks.push(
          `${what} shows ${word} to ${scope.principal.userId} in ${audienceKey(scope.audience)}`,
        );
    }
  }

  async function plant(name: string, place: Place): Promise<void> {
    const word = `canary${planted++}x`;
    const text = `${word} likes ${pick(TOPICS)}`;
    const audience = audienceKey(place.conversation.audience);
    const rest = {
      word,
      owner: name,
      audience,
      saidTo: audience,
      guild: place.conversation.guildId,
    };
    const message = place.message(name, text);
    await store.inbox.hear([{ scope: place.scope(name), message }]);
    if (random() < 0.3) return void canaries.push({ ...rest, factId: null });
    // A fact with that word, too; what the message shows is no more than the fact does.
    const own = `canary${planted++}x`;
    const [learned] = await store.memories.learn(place.scope(name), [
      {
        ...FACT,
        kind: pick(["preference", "other", "plan"]),
        text: `${own} likes ${pick(TOPICS)}`,
        sources: [message.id],
        conversationId: place.conversation.id,
      },
    ]);
    canaries.push({ ...rest, factId: null });
    if (learned && learned.kind !== "refused")
      canaries.push({ ...rest, word: own, factId: learned.id });
  }

  /** Other things with a word of their own: for later, how it hangs together, what a talk was about, a guild's own. */
  async function plantMore(name: string, place: Place): Promise<void> {
    const scope = place.scope(name);
    const word = `canary${planted++}x`;
    const audience = audienceKey(place.conversation.audience);
    const guild = place.conversation.guildId;
    const canary = { word, owner: name, audience, saidTo: audience, guild, factId: null };
    const topic = pick(TOPICS);
    const message = place.message(name, `about ${topic}`, {
      sentAt: new Date(2026, 0, 1, 0, planted),
    });
    await store.inbox.hear([{ scope, message }]);
    const told = { sources: [message.id], validFrom: message.sentAt, holds: true };
    const more = { ...canary, isOwned: true };
    switch (pick(["intention", "relation", "talk", "shared"])) {
      case "intention": {
        const due = { dueFrom: new Date(0), dueTo: new Date("2100-01-01"), sources: [message.id] };
        if ((await store.intentions.add(scope, [{ text: `Ask ${word}`, ...due }])) > 0)
          canaries.push(more);
        return;
      }
      case "relation":
        await store.graph.add(scope, [{ ...told, from: topic, type: "is like", to: word }]);
        canaries.push(more);
        return;
      case "talk":
        await store.episodes.save(scope, place.conversation.id, {
          summary: `${word} and ${topic}`,
          topics: [word],
          tone: "calm",
          toneConfidence: 1,
          lines: [lineOf(message)],
        });
        canaries.push(canary);
        return;
      default:
        if (guild === null) return;
        await store.sharedFacts.add(scope, {
          text: `${word} is for ${topic}`,
          kind: pick(["instruction", "other"]),
          sharedWith: "guild",
        });
        canaries.push({ ...canary, audience: `guild:${guild}` });
    }
  }

  async function look(name: string, place: Place): Promise<void> {
    const scope = place.scope(name);
    const text = `What about ${pick(TOPICS)} and canaries? I like ${pick(TOPICS)}`;
    check("recall", scope, await recall.about(scope, { text, given: [], turnId: null }));
    const page = { words: "canary", withPast: true, offset: 0, limit: 100 };
    check("list", scope, await store.memories.list(scope, page));
    check("related", scope, await recall.related(scope, text, 20));
    const shelf = await store.episodes.shelf(scope);
    check("episodes", scope, shelf);
    check(
      "talks",
      scope,
      await store.episodes.find(
        scope,
        shelf.map(({ id }) => id),
      ),
    );
    check("plans", scope, await store.intentions.list(scope));
    const near = { hops: 3, limit: 50, at: new Date() };
    check("graph", scope, await store.graph.around(scope, TOPICS, near));
    check("relations", scope, await store.graph.list(scope));
    const any = pick(canaries);
    if (any?.factId) check("facts", scope, await store.recall.facts(scope, [any.factId]));
    if (any?.factId) check("find", scope, await store.memories.find(scope, any.factId));
  }

  async function move(name: string): Promise<void> {
    const canary = someOf(name);
    if (!canary?.factId) return;
    const reach = pick<Reach>(["here", "private", "guild", "everywhere"]);
    const own = dms.get(name)!.scope(name);
    const changed = await store.memories.change(own, canary.factId, { reach });
    if (!changed) return;
    canary.audience = {
      here: canary.saidTo,
      private: `private:discord:${name}`,
      guild:
        canary.guild === null || canary.saidTo.startsWith("private:")
          ? canary.audience
          : `guild:${canary.guild}`,
      everywhere: "everywhere",
    }[reach];
  }

  /** Whoever he is, in whatever place: with another's fact it must do nothing. */
  async function meddle(name: string, place: Place): Promise<void> {
    const canary = pick(canaries);
    if (!canary?.factId || canary.owner === name) return;
    const scope = place.scope(name);
    check(
      "change",
      scope,
      await store.memories.change(scope, canary.factId, { reach: "everywhere" }),
    );
    check("forget", scope, await store.memories.forget(scope, canary.factId));
    const forged = { ...FACT, text: `forged ${planted++}`, replaces: [canary.factId] };
    check("learn", scope, await store.memories.learn(scope, [forged]));
  }

  async function forget(name: string): Promise<void> {
    const canary = someOf(name);
    const own = dms.get(name)!.scope(name);
    if (!canary?.factId || !(await store.memories.forget(own, canary.factId))) return;
    if (random() < 0.5) await store.memories.restore(own, canary.factId);
    else canaries.splice(canaries.indexOf(canary), 1);
  }

  const doings = [plant, plantMore, look, look, look, move, meddle, forget];
  for (let operation = 0; operation < operations; operation++) {
    const name = pick(people);
    await pick(doings)(name, somewhere(name));
  }
  return { operations, seen, leaks };
}

/** The rules in words of their own: in private one's own facts, elsewhere what is said to these readers. */
function mayKnow({ owner, audience, factId, isOwned }: Canary, scope: Scope): boolean {
  const isOwn = scope.principal.userId === `discord:${owner}`;
  if (scope.audience.kind === "private" && (factId !== null || isOwned === true)) return isOwn;
  return readableKeys(scope).includes(audience) || (audience === "everywhere" && isOwn);
}

/** The same numbers for the same seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
