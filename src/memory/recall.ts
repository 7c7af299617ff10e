import type { Clock } from "../core/clock.ts";
import type { Embedder } from "../core/embedder.ts";
import { NO_TALKS, type EpisodeStore } from "../core/episodes.ts";
import type { GraphStore } from "../core/graph.ts";
import type { MessageId, TurnId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { isShared } from "../core/memory.ts";
import {
  NOTHING_RECALLED,
  type Recall,
  type Recalled,
  type RecallQuestion,
  type RecallSource,
  type RecallState,
  type ShelvedFact,
} from "../core/recall.ts";
import type { Scope } from "../core/principal.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { differing, fitMessages, MAX_MESSAGES, within } from "./fit.ts";
import type { MessageShelf } from "./message-shelf.ts";
import { rankFacts, type RankedFact } from "./rank-facts.ts";
import { recallRelations } from "./recall-graph.ts";
import { recallEpisodes } from "./recall-episodes.ts";
import { isAboutSelf } from "./own-words.ts";
import { rankMessages, type RankedMessage } from "./rank-messages.ts";
import { createShelves, type OpenShelves } from "./shelves.ts";
import { timeSpanIn } from "./time-words.ts";
import { toQuery } from "../lib/word-index.ts";
import { wordsOf } from "./words.ts";

/** Tokens of what is given: always, and of facts. */
const ALWAYS_TOKENS = 600;
const FACT_TOKENS = 600;
const MAX_ALWAYS = 24;
const MAX_FACTS = 20;
/** Less than this of what was asked is chance. */
const MIN_FACT_COVERAGE = 0.15;
const MIN_NEARNESS = 0.35;
const MIN_MESSAGE_COVERAGE = 0.3;

export interface RecallDeps {
  readonly source: RecallSource;
  /** Not there: no talks are recalled. */
  readonly episodes?: Pick<EpisodeStore, "shelf" | "find">;
  /** Not there: no relations are recalled. */
  readonly graph?: Pick<GraphStore, "around">;
  /** null: by words alone. */
  readonly embedder: Embedder | null;
  readonly clock: Clock;
  readonly log: Log;
  /** The answer does not wait longer for what is remembered. */
  readonly deadlineMs: number;
}

export function createRecall(deps: RecallDeps): Recall {
  const shelves = createShelves({
    source: deps.source,
    episodes: deps.episodes ?? null,
    elapsedMs: deps.clock.elapsedMs,
    embedder: deps.embedder?.name ?? null,
  });
  return {
    async about(scope, question) {
      const over = new AbortController();
      const late = pause(deps.deadlineMs, over.signal).then(() => nothing("late"));
      const found = recall(deps, shelves, scope, question).catch((error: unknown) => {
        deps.log.warn({ error: asError(error) }, "recall-failed");
        return nothing("failed");
      });
      const recalled = await Promise.race([found, late]);
      over.abort();
      if (recalled.state === "late") deps.log.warn({ deadlineMs: deps.deadlineMs }, "recall-late");
      if (question.turnId !== null) note(deps, scope, question.turnId, recalled);
      return recalled;
    },

    async related(scope, text, limit) {
      const [open, vector] = await Promise.all([shelves.open(scope), vectorOf(deps, text)]);
      if (!open) return [];
      const own = scope.principal.userId;
      const options = { span: null, now: deps.clock.now(), limit: 4 * limit };
      const query = toQuery(wordsOf(text));
      const byWords = rankFacts(open.facts, query, { ...options, vector: null });
      const byMeaning = rankFacts(open.facts, toQuery([]), { ...options, vector });
      const ids = inTurn(
        byWords.filter(({ fact }) => fact.ownerId === own),
        byMeaning.filter(({ fact, nearness }) => fact.ownerId === own && nearness >= MIN_NEARNESS),
      ).slice(0, limit);
      const facts = await deps.source.facts(scope, ids);
      return ids.flatMap((id) => facts.find((fact) => fact.id === id) ?? []);
    },
  };
}

/** The ids of both lists, one of each in turn, each once: what only one of them finds has its place. */
const inTurn = (one: readonly RankedFact[], other: readonly RankedFact[]): readonly string[] => [
  ...new Set(
    Array.from({ length: Math.max(one.length, other.length) }, (_, at) =>
      [one[at], other[at]].flatMap((ranked) => ranked?.fact.id ?? []),
    ).flat(),
  ),
];

/** Nobody waits for it: it is for questions that come later. */
function note({ source, log }: RecallDeps, scope: Scope, turnId: TurnId, recalled: Recalled): void {
  const { state, always, facts, messages } = recalled;
  const ids = [...always, ...facts].map(({ id }) => id);
  source
    .note(scope, turnId, { state, facts: ids, messages: messages.map(({ id }) => id) })
    .catch((error: unknown) => log.warn({ turnId, error: asError(error) }, "recall-not-noted"));
}

const nothing = (state: RecallState): Recalled => ({ ...NOTHING_RECALLED, state });

async function recall(
  deps: RecallDeps,
  shelves: ReturnType<typeof createShelves>,
  scope: Scope,
  question: RecallQuestion,
): Promise<Recalled> {
  const { source, clock } = deps;
  const [open, vector] = await Promise.all([shelves.open(scope), vectorOf(deps, question.text)]);
  if (!open) return nothing("off");
  const now = clock.now();
  const { always, facts } = chooseFacts(open, scope, question, now, vector);
  const lines = chooseMessages(open.messages, scope, question, now);
  // Read anew, within the scope: what is ranked may be gone, changed or withdrawn by now.
  const [kept, messages, talks] = await Promise.all([
    source.facts(scope, [...always, ...facts]),
    source.messages(scope, lines),
    deps.episodes ? recallEpisodes(deps.episodes, open.episodes, scope, question, now) : NO_TALKS,
  ]);
  const inOrder = (ids: readonly string[]) =>
    ids.flatMap((id) => kept.find((fact) => fact.id === id) ?? []);
  const alwaysKept = within(inOrder(always), ALWAYS_TOKENS, ({ text }) => text);
  const relations = deps.graph
    ? await recallRelations(deps.graph, scope, question.text, kept, now)
    : [];
  const fitting = within(differing(inOrder(facts), alwaysKept), FACT_TOKENS, ({ text }) => text);
  return {
    state: "done",
    always: alwaysKept,
    facts: fitting,
    messages: fitMessages(messages, lines, [...alwaysKept, ...fitting]),
    talks,
    relations,
  };
}

/** A question's vector is waited for so long; then the words have to do. */
const MAX_EMBEDDING_MS = 250;

/** null when there is no embedder, or it does not answer in time: then the words have to do. */
async function vectorOf(
  { embedder, deadlineMs, log }: RecallDeps,
  text: string,
): Promise<Float32Array | null> {
  if (!embedder || text.trim() === "") return null;
  const over = new AbortController();
  const late = pause(Math.min(MAX_EMBEDDING_MS, deadlineMs / 2), over.signal).then(() => null);
  const made = embedder.embed([text], over.signal).then(
    ([vector]) => vector ?? null,
    (error: unknown) => {
      if (!over.signal.aborted) log.warn({ error: asError(error) }, "embedding-failed");
      return null;
    },
  );
  const vector = await Promise.race([made, late]);
  over.abort();
  return vector;
}

function chooseFacts(
  { facts: shelves }: OpenShelves,
  scope: Scope,
  { text }: RecallQuestion,
  now: Date,
  vector: Float32Array | null,
): { readonly always: readonly string[]; readonly facts: readonly string[] } {
  const isOwn = ({ ownerId }: ShelvedFact) => ownerId === scope.principal.userId;
  const alwaysOn = shelves
    .flatMap((shelf) => shelf.alwaysOn)
    .filter((fact) => isOwn(fact) || isShared(fact));
  const newest = alwaysOn.toSorted((a, b) => Number(b.isKey) - Number(a.isKey));
  const always = new Set(newest.slice(0, MAX_ALWAYS).map(({ id }) => id));
  const query = toQuery(wordsOf(text));
  const span = timeSpanIn(text, now);
  const ranked = rankFacts(shelves, query, { span, now, vector, limit: MAX_FACTS + always.size });
  const fitting = ranked.filter(
    ({ fact, coverage, nearness }) =>
      !always.has(fact.id) && (coverage >= MIN_FACT_COVERAGE || nearness >= MIN_NEARNESS),
  );
  // What one has to know of the person comes even when the words do not ask for it.
  const keys = shelves
    .flatMap((shelf) => shelf.keys)
    .filter((fact) => isOwn(fact) && !always.has(fact.id));
  const asked = ASKS_FOR_ALL.test(text) ? newestOf(shelves, scope) : [];
  const ids = [
    ...fitting.map(({ fact }) => fact.id),
    ...keys.map(({ id }) => id),
    ...asked.filter((id) => !always.has(id)),
  ];
  return { always: [...always], facts: [...new Set(ids)].slice(0, MAX_FACTS) };
}

/** "What do you know about me?" has no words to look for. */
const ASKS_FOR_ALL =
  /\bwhat (?:do|did|have) (?:you|i) (?:know|remember|tell|told)\b|\b(?:know|remember)\b.*\babout me\b/i;

const newestOf = (shelves: OpenShelves["facts"], { principal }: Scope): readonly string[] =>
  shelves
    .flatMap(({ facts }) => facts)
    .filter(({ ownerId }) => ownerId === principal.userId)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, MAX_FACTS)
    .map(({ id }) => id);

function chooseMessages(
  shelf: MessageShelf,
  scope: Scope,
  question: RecallQuestion,
  now: Date,
): readonly MessageId[] {
  const given = new Set<string>(question.given);
  return rankLines(shelf, scope, question.text, now, 4 * MAX_MESSAGES + given.size)
    .filter(({ coverage }) => coverage >= MIN_MESSAGE_COVERAGE)
    .flatMap(({ unit }) => shelf.units[unit]?.id ?? [])
    .filter((id) => !given.has(id))
    .slice(0, 2 * MAX_MESSAGES);
}

/** What was said that may answer the question, best first. */
export const rankLines = (
  shelf: MessageShelf,
  scope: Scope,
  text: string,
  now: Date,
  limit: number,
): readonly RankedMessage[] =>
  rankMessages(shelf, toQuery(wordsOf(text)), {
    speaker: speakerMeant(shelf, text, scope),
    span: timeSpanIn(text, now),
    limit,
  });

/** The one person that the question names, or the one who asks of himself; null when it is none or several. */
function speakerMeant(
  shelf: Pick<MessageShelf, "names">,
  text: string,
  scope: Scope,
): string | null {
  const words = new Set(wordsOf(text));
  const named = [...shelf.names].filter(([, name]) => name.some((word) => words.has(word)));
  if (named.length > 0) return named.length === 1 ? (named[0]?.[0] ?? null) : null;
  return isAboutSelf(text) ? scope.principal.userId : null;
}
