import { toPlain } from "../plain.ts";
import { toUserId } from "../snowflake.ts";
import type { Clock } from "../../core/clock.ts";
import type { MemoryStore, Refused } from "../../core/memory.ts";
import { kindOf } from "../../memory/by-rule.ts";
import { ownWords } from "../../memory/own-words.ts";
import { defineMenu, type Menu } from "./define-menu.ts";
import { factSelect } from "./memory-list.ts";
import { factReply } from "./memory-show.ts";
import { lineOf, ownScope } from "./memory-words.ts";

export interface MenuDeps {
  readonly memories: Pick<MemoryStore, "learn" | "find">;
  readonly clock: Clock;
}

const MAX_AUTHOR_CHARS = 80;

/** "Remember this" on a message: kept as a memory of whoever chose it, also when somebody else wrote it. */
export const rememberThis = ({ memories, clock }: MenuDeps): Menu =>
  defineMenu({
    on: "message",
    name: "Remember this",
    offer: "anywhere",
    async run(target, { scope, conversation }) {
      const isOwn = toUserId(target.authorId) === scope.principal.userId;
      const text = ownWords(target.text);
      if (text === "") return { kind: "whisper", reply: { text: REFUSALS.empty } };
      const [learned] = await memories.learn(scope, [
        {
          text: isOwn ? text : `${target.authorName.slice(0, MAX_AUTHOR_CHARS)} wrote: ${text}`,
          kind: isOwn ? kindOf(text) : "other",
          subject: isOwn ? "" : target.authorName,
          isKey: false,
          confidence: isOwn ? 0.95 : 0.6,
          origin: "told",
          validFrom: clock.now(),
          sources: [target.id],
          conversationId: conversation.id,
          replaces: [],
          sameAs: null,
        },
      ]);
      if (!learned || learned.kind === "refused")
        return { kind: "whisper", reply: { text: REFUSALS[learned?.because ?? "empty"] } };
      const fact = await memories.find(ownScope(scope), learned.id);
      const note = learned.kind === "known" ? "I knew that." : "I will remember it.";
      return {
        kind: "whisper",
        reply: fact ? factReply(fact, note) : { text: note },
      };
    },
  });

/** At most so many: one looks somebody up, and does not read his life. */
const MAX_ABOUT = 20;

/** On a person: what she may tell here of what that person said. Of oneself all of it. */
export const whatYouKnow = ({ memories }: { readonly memories: Pick<MemoryStore, "ofPerson"> }) =>
  defineMenu({
    on: "person",
    name: "What do you know that I may see",
    async run(target, { scope }) {
      const person = toUserId(target.userId);
      const isSelf = person === scope.principal.userId;
      const { facts, total } = await memories.ofPerson(
        isSelf ? ownScope(scope) : scope,
        person,
        MAX_ABOUT,
      );
      const name = isSelf ? "you" : toPlain(target.name);
      if (total === 0)
        return { kind: "whisper", reply: { text: `Nothing of ${name} that you may see here.` } };
      const more = total > facts.length ? [`-# and ${total - facts.length} more`] : [];
      const title = `**What I know of ${name} that you may see here**`;
      const text = [title, ...facts.map(lineOf), ...more].join("\n");
      return {
        kind: "whisper",
        reply: isSelf ? { text, rows: [[factSelect(facts)]] } : { text },
      };
    },
  });

const REFUSALS: Readonly<Record<Refused, string>> = {
  paused: "Memory is paused for you: `/memory resume` switches it on again.",
  off: "Memory is off for you: `/memory resume` switches it on again.",
  never: "It touches what you never want me to learn: `/memory never` shows the list.",
  full: "I remember as much of you as I can. Let me forget something first: `/memory list`.",
  empty: "There are no words in this message that I could remember.",
  secret: "There is a password, a PIN or a key in it: I keep none of those.",
  unlearnt: "You had me forget that before.",
};
