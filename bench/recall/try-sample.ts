import { conversationId, guildId, messageId, userId } from "../../src/core/ids.ts";
import type { Conversation, IncomingMessage } from "../../src/core/message.ts";
import type { Scope } from "../../src/core/principal.ts";
import { estimateTokens } from "../../src/lib/tokens.ts";
import { createMessageShelf, type MessageShelf } from "../../src/memory/message-shelf.ts";
import { rankLines } from "../../src/memory/recall.ts";
import { best, bm25, toQuery } from "../../src/lib/word-index.ts";
import { wordsOf } from "../../src/memory/words.ts";
import type { Store } from "../../src/store/index.ts";
import type { Sample, SampleTurn } from "./sample.ts";
import type { Answered } from "./score.ts";

/** More than fit into the largest budget. */
const DEPTH = 400;
/** Name and date in front of a line. */
const LABEL_TOKENS = 14;
const MAX_HEARD = 500;

export type Ranker = "ours" | "plain";

/** Stores the conversation as a channel's, reads it as recall does, and ranks it for each question. */
export async function trySample(
  store: Pick<Store, "inbox" | "recall">,
  sample: Sample,
): Promise<Readonly<Record<Ranker, readonly Answered[]>>> {
  const { conversation, scope } = placeFor(sample.id);
  const messages = sample.turns.map((turn) => toMessage(sample.id, conversation, turn));
  for (let from = 0; from < messages.length; from += MAX_HEARD) {
    const heard = messages.slice(from, from + MAX_HEARD);
    await store.inbox.hear(
      heard.map((message) => ({
        message,
        scope: { principal: message.author, audience: conversation.audience },
      })),
    );
  }
  const shelf = createMessageShelf();
  shelf.add(await store.recall.messageShelf(scope, null));
  const last = sample.turns.at(-1)?.at ?? new Date(0);
  const tokens = new Map(
    sample.turns.map(({ id, text }) => [id, estimateTokens(text) + LABEL_TOKENS]),
  );
  const answer = (rank: (text: string) => readonly number[]): readonly Answered[] =>
    sample.questions.map((question) => ({
      question,
      found: rank(question.text).map((unit) => {
        const id = (shelf.units[unit]?.id ?? "").slice(`bench:${sample.id}/`.length);
        return { id, tokens: tokens.get(id) ?? 0 };
      }),
    }));
  return {
    ours: answer((text) => rankLines(shelf, scope, text, last, DEPTH).map(({ unit }) => unit)),
    plain: answer((text) => rankPlain(shelf, text)),
  };
}

/** BM25 over single lines and nothing else: what the rest has to earn its keep against. */
function rankPlain(shelf: MessageShelf, text: string): readonly number[] {
  return best(bm25([shelf.people], toQuery(wordsOf(text))).scores[0]!, DEPTH);
}

function placeFor(id: string): { readonly conversation: Conversation; readonly scope: Scope } {
  const guild = guildId(`bench:guild:${id}`);
  const own = conversationId(`bench:channel:${id}`);
  const audience = { kind: "channel", conversationId: own, guildId: guild } as const;
  const conversation: Conversation = {
    id: own,
    platform: "web",
    kind: "channel",
    guildId: guild,
    channelId: id,
    parentId: null,
    title: id,
    audience,
  };
  return { conversation, scope: { principal: personCalled("Somebody Else", guild), audience } };
}

const personCalled = (name: string, guild: ReturnType<typeof guildId>): Scope["principal"] => ({
  platform: "web",
  userId: userId(`bench:${name}`),
  displayName: name,
  guildId: guild,
  roleIds: [],
  permissions: 0n,
  via: "message",
});

const toMessage = (
  sampleId: string,
  conversation: Conversation,
  { id, speaker, text, at }: SampleTurn,
): IncomingMessage => ({
  id: messageId(`bench:${sampleId}/${id}`),
  conversation,
  author: personCalled(speaker, conversation.guildId ?? guildId("")),
  authorIsBot: false,
  text: text === "" ? "(nothing)" : text,
  replyTo: null,
  attachments: [],
  sentAt: at,
});
