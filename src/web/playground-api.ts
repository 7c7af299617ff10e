import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { decisionLine, type Approvals } from "../core/approvals.ts";
import type { Clock } from "../core/clock.ts";
import type { AnswerFacts, Explanations } from "../core/explanations.ts";
import { conversationId, messageId, turnId, turnIdOf, type ConversationId } from "../core/ids.ts";
import { MAX_QUESTION_CHARS, type LocalOutlet } from "../core/local-outlet.ts";
import type { IncomingMessage, TranscriptMessage } from "../core/message.ts";
import type { Tier } from "../core/model.ts";
import type { Inbox, Transcript, TurnStore } from "../core/stores.ts";
import { readDecision, whyUndecided, type TypedDecision } from "../core/typed-decision.ts";
import { openEventStream } from "./event-stream.ts";
import { localConversation, localScope } from "./local-person.ts";
import { parse, readJson } from "./read-json.ts";

export interface PlaygroundDeps {
  readonly inbox: Pick<Inbox, "accept" | "revise" | "forget">;
  readonly turns: Pick<TurnStore, "cancel">;
  readonly transcript: Pick<Transcript, "recent">;
  readonly explanations: Pick<Explanations, "explainTurns">;
  readonly approvals: Pick<Approvals, "decide">;
  readonly local: LocalOutlet;
  readonly clock: Clock;
  /** Later ids sort after earlier ones: a UUIDv7. */
  readonly createId: () => string;
  /** What a person asked for with `!high` and the like, and the message without it. */
  readonly readTier: (text: string) => { readonly tier: Tier | null; readonly text: string };
  /** Tells whoever runs turns that some were just cancelled. */
  readonly poke: () => void;
}

/** The longest question, with every character written as an escape. */
const MAX_BODY_BYTES = 128 * 1024;
/** Messages that a page shows when it is opened. */
const MAX_HISTORY = 200;

const conversation = z
  .string()
  .regex(/^web:[\w-]{8,64}$/, "must be web: and 8 to 64 letters, figures or dashes.")
  .transform(conversationId);
const message = z
  .string()
  .regex(/^web:[\w-]{1,64}$/, "must be the id of a message that was sent here.")
  .transform(messageId);
const turn = z
  .string()
  .regex(/^turn:web:[\w-]{1,64}$/, "must be the id of a turn of this page.")
  .transform(turnId);
const text = z
  .string()
  .trim()
  .min(1, "is empty: write something first.")
  .max(MAX_QUESTION_CHARS, `is too long: at most ${MAX_QUESTION_CHARS} characters, please.`);
const tier = z.enum(["high", "mid", "low"], "must be high, mid or low; leave it out for auto.");

const asked = z.object({ conversation, text, tier: tier.optional() });
const revised = z.object({ text });
const stopped = z.object({ turn });

/** What the page asks of the house. `closing` ends the event streams. Every failure is `{error}` with what to do. */
export function playgroundApi(deps: PlaygroundDeps, closing: AbortSignal): Hono {
  const { inbox, turns, transcript, local, poke } = deps;
  return new Hono()
    .use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseLargeBody }))
    .post("/messages", async (c) => {
      const body = await readJson(c, asked);
      const { words, tier: wanted } = readWords(deps, body.text);
      const typed = readDecision(words);
      if (typed) return c.json(await decide(deps, body.conversation, typed), 201);
      const incoming = toIncoming(deps, body.conversation, words);
      const answering = { trigger: "local", tier: wanted ?? body.tier ?? null } as const;
      // The page shows by itself that a question waits: no notice has to become the answer.
      await inbox.accept(localScope, incoming, answering, () => null);
      return c.json({ id: incoming.id, turnId: turnIdOf(incoming.id), text: words }, 201);
    })
    .patch("/messages/:id", async (c) => {
      const id = parse(message, c.req.param("id"));
      const { words } = readWords(deps, (await readJson(c, revised)).text);
      const { kind } = await inbox.revise(localScope, id, words);
      poke();
      return c.json({ kind, text: words });
    })
    .delete("/messages/:id", async (c) => {
      await inbox.forget([parse(message, c.req.param("id"))]);
      poke();
      return c.body(null, 204);
    })
    .post("/stop", async (c) => {
      const body = await readJson(c, stopped);
      const isStopping = await turns.cancel(localScope, body.turn, "stopped");
      poke();
      return c.json({ stopped: isStopping });
    })
    .get("/conversations/:id/messages", async (c) => {
      const options = { limit: MAX_HISTORY, upTo: null, after: null };
      const id = parse(conversation, c.req.param("id"));
      const messages = await transcript.recent(localScope, id, options);
      const answered = messages.flatMap(({ role, replyTo }) =>
        role === "clara" && replyTo !== null ? [turnIdOf(replyTo)] : [],
      );
      const facts = await deps.explanations.explainTurns(localScope, answered);
      const factsOf = new Map(facts.map((fact) => [fact.turnId, toFigures(fact)]));
      return c.json({
        messages: messages.map(toLine).map((line) => ({
          ...line,
          ...(line.role === "clara" && line.turnId !== null ? factsOf.get(line.turnId) : null),
        })),
      });
    })
    .get("/events", (c) => {
      const id = parse(conversation, c.req.query("conversation"));
      const stream = openEventStream(local, id, closing);
      if (stream) return stream;
      throw new HTTPException(503, { message: "Too many pages are open: close some, please." });
    });
}

/** A line such as `/approve` decides on a call that waits; what comes of it is a turn like another. */
async function decide({ approvals }: PlaygroundDeps, place: ConversationId, typed: TypedDecision) {
  const decided = await approvals.decide(localScope, place, {
    ...typed,
    trigger: ({ id }) => messageId(`web:${id}`),
    tellsDenial: true,
  });
  if (decided.kind !== "decided") throw new HTTPException(409, { message: whyUndecided(decided) });
  const { approval, turnId } = decided;
  return { id: `web:${approval.id}`, turnId, text: decisionLine(approval, typed.choice) };
}

function refuseLargeBody(): never {
  throw new HTTPException(413, { message: `At most ${MAX_BODY_BYTES / 1024} kB, please.` });
}

function readWords({ readTier }: PlaygroundDeps, raw: string) {
  const { tier: wanted, text: rest } = readTier(raw);
  const words = rest.trim();
  if (words !== "") return { words, tier: wanted };
  throw new HTTPException(400, { message: "Write your question after the choice of a model." });
}

const toIncoming = (
  { clock, createId }: PlaygroundDeps,
  id: ConversationId,
  words: string,
): IncomingMessage => ({
  id: messageId(`web:${createId()}`),
  conversation: localConversation(id),
  author: localScope.principal,
  authorIsBot: false,
  text: words,
  replyTo: null,
  attachments: [],
  sentAt: clock.now(),
});

/** `turnId` brings a question and its answer together. */
const toLine = ({ id, role, text: words, sentAt, replyTo }: TranscriptMessage) => {
  const question = role === "clara" ? replyTo : id;
  return { id, role, text: words, sentAt, turnId: question === null ? null : turnIdOf(question) };
};

/** As the events of a turn tell it while it runs; of a turn that is under way, nothing. */
function toFigures({ detail, tools, models, cost, tookMs }: AnswerFacts) {
  if (detail === null) return null;
  return {
    steps: tools.map(({ name, result, elapsedMs }) => ({
      name,
      label: toLabel(name),
      end: result === "unknown" ? { isLeft: true } : { isError: result === "error", elapsedMs },
    })),
    figures: {
      detail,
      // Without the provider, as while it runs.
      model: models.at(-1)?.replace(/^[^/]*\//, "") ?? null,
      costUsd: cost?.costUsd ?? null,
      inputTokens: cost?.inputTokens ?? 0,
      outputTokens: cost?.outputTokens ?? 0,
      elapsedMs: tookMs ?? 0,
    },
  };
}

/** `web_search` as people write it. */
const toLabel = (name: string): string =>
  (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");
