import type { Clock } from "../core/clock.ts";
import type { Embedder } from "../core/embedder.ts";
import type { MessageId, TurnId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import {
  NOTHING_RECALLED,
  type Fact,
  type Recall,
  type Recalled,
  type RecallQuestion,
  type RecallSource,
  type RecallState,
  type ShelvedFact,
} from "../core/memory.ts";
import type { TranscriptMessage } from "../core/message.ts";
import type { Scope } from "../core/principal.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { estimateTokens } from "../lib/tokens.ts";
import type { MessageShelf } from "./message-shelf.ts";
import { rankFacts } from "./rank-facts.ts";
import { rankMessages, type RankedMessage } from "./rank-messages.ts";
import { overlap } from "./sameness.ts";
import { createShelves, type OpenShelves } from "./shelves.ts";
import { timeSpanIn } from "./time-words.ts";
import { toQuery } from "../lib/word-index.ts";
import { wordsOf } from "./words.ts";

/** Words of a question that are looked for. */
const MAX_QUERY_WORDS = 64;
/** Tokens of what is given: always, of facts, and of lines from earlier. */
const ALWAYS_TOKENS = 600;
const FACT_TOKENS = 600;
const MESSAGE_TOKENS = 900;
const MAX_ALWAYS = 24;
const MAX_FACTS = 20;
const MAX_MESSAGES = 12;
/** Less than this of what was asked is chance. */
const MIN_FACT_COVERAGE = 0.15;
const MIN_NEARNESS = 0.35;
const MIN_MESSAGE_COVERAGE = 0.3;
/** A line that shares so much with a better one says nothing new. */
const TOO_ALIKE = 0.7;
/** The label of an item and what stands around it. */
const TOKENS_PER_ITEM = 14;

export interface RecallDeps {
  readonly source: RecallSource;
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
      const open = await shelves.open(scope);
      if (!open) return [];
      const own = scope.principal.userId;
      const query = toQuery(wordsOf(text), MAX_QUERY_WORDS);
      const ranked = rankFacts(open.facts, query, {
        span: null,
        vector: null,
        now: deps.clock.now(),
        limit: 4 * limit,
      });
      const ids = ranked
        .flatMap(({ fact }) => (fact.ownerId === own ? [fact.id] : []))
        .slice(0, limit);
      const facts = await deps.source.facts(scope, ids);
      return ids.flatMap((id) => facts.find((fact) => fact.id === id) ?? []);
    },
  };
}

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
  const [kept, messages] = await Promise.all([
    source.facts(scope, [...always, ...facts]),
    source.messages(scope, lines),
  ]);
  const inOrder = (ids: readonly string[]) =>
    ids.flatMap((id) => kept.find((fact) => fact.id === id) ?? []);
  const alwaysKept = within(inOrder(always), ALWAYS_TOKENS, ({ text }) => text);
  const fitting = within(differing(inOrder(facts), alwaysKept), FACT_TOKENS, ({ text }) => text);
  return {
    state: "done",
    always: alwaysKept,
    facts: fitting,
    messages: fitMessages(messages, lines, [...alwaysKept, ...fitting]),
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
  const alwaysOn = shelves.flatMap((shelf) => shelf.alwaysOn).filter(isOwn);
  const newest = alwaysOn.toSorted((a, b) => Number(b.isKey) - Number(a.isKey));
  const always = new Set(newest.slice(0, MAX_ALWAYS).map(({ id }) => id));
  const query = toQuery(wordsOf(text), MAX_QUERY_WORDS);
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
  rankMessages(shelf, toQuery(wordsOf(text), MAX_QUERY_WORDS), {
    speaker: speakerMeant(shelf, text, scope),
    span: timeSpanIn(text, now),
    limit,
  });

const FIRST_PERSON = /\b(?:i|me|my|mine|i'm|i've)\b/i;

/** The one person that the question names, or the one who asks of himself; null when it is none or several. */
function speakerMeant(
  shelf: Pick<MessageShelf, "names">,
  text: string,
  scope: Scope,
): string | null {
  const words = new Set(wordsOf(text));
  const named = [...shelf.names].filter(([, name]) => name.some((word) => words.has(word)));
  if (named.length > 0) return named.length === 1 ? (named[0]?.[0] ?? null) : null;
  return FIRST_PERSON.test(text) ? scope.principal.userId : null;
}

function within<Item>(
  items: readonly Item[],
  maxTokens: number,
  textOf: (item: Item) => string,
): readonly Item[] {
  let tokens = 0;
  return items.filter((item) => {
    const more = estimateTokens(textOf(item)) + TOKENS_PER_ITEM;
    if (tokens + more > maxTokens) return false;
    tokens += more;
    return true;
  });
}

/** Without what a better one says in nearly the same words. */
function differing(facts: readonly Fact[], given: readonly Fact[]): readonly Fact[] {
  const words = given.map(({ text }) => new Set(wordsOf(text)));
  return facts.filter(({ text }) => {
    const own = new Set(wordsOf(text));
    if (words.some((other) => overlap(own, other) > TOO_ALIKE)) return false;
    words.push(own);
    return true;
  });
}

/** The best that fit, in the order in which they were said. */
function fitMessages(
  messages: readonly TranscriptMessage[],
  ranked: readonly MessageId[],
  facts: readonly Fact[],
): readonly TranscriptMessage[] {
  const proofs = new Set<string>(facts.flatMap(({ sources }) => sources));
  const words: ReadonlySet<string>[] = [];
  const differingLines = ranked
    .flatMap((id) => messages.find((message) => message.id === id) ?? [])
    .filter(({ id, text }) => {
      const own = new Set(wordsOf(text));
      // A fact tells what its proof tells, in fewer words.
      if (proofs.has(id) || words.some((other) => overlap(own, other) > TOO_ALIKE)) return false;
      words.push(own);
      return true;
    });
  const kept = within(differingLines, MESSAGE_TOKENS, ({ text }) => text).slice(0, MAX_MESSAGES);
  return kept.toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
}
