import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { GraphStore } from "../core/graph.ts";
import type { Intentions } from "../core/intentions.ts";
import type { Fact, Learned, MemoryStore, NewFact } from "../core/memory.ts";
import type { LearnJob, Recall } from "../core/recall.ts";
import type { TranscriptMessage } from "../core/message.ts";
import type { Scope } from "../core/principal.ts";
import type { Transcript } from "../core/stores.ts";
import { candidatesByRule } from "./by-rule.ts";
import type { Candidate } from "./candidate.ts";
import type { AskDeps } from "./ask-once.ts";
import { extract } from "./extract.ts";
import { NOTHING_EXTRACTED, type Extracted } from "./extracted.ts";
import { keepIntentions } from "./keep-intentions.ts";
import { keepRelations } from "./keep-relations.ts";
import { isGrounded, ownWords } from "./own-words.ts";
import { saysTheSame, slotOf } from "./sameness.ts";
import { wordsOf } from "./words.ts";

/** Lines before the question, so that it is understood. */
const MAX_EARLIER = 6;
/** Known facts that the model sees, and that a new one is compared with. */
const MAX_RELATED = 12;
/** Fewer words than this say nothing to keep. */
const MIN_WORDS = 2;

export interface LearnDeps {
  readonly transcript: Pick<Transcript, "recent">;
  readonly memories: Pick<MemoryStore, "learn" | "settings">;
  readonly recall: Pick<Recall, "related">;
  readonly intentions: Pick<Intentions, "add" | "list">;
  /** null: how things hang together is not kept. */
  readonly graph: Pick<GraphStore, "add"> | null;
  /** null: nothing but what a person asks to be remembered in so many words. */
  readonly extraction: AskDeps | null;
  readonly botName: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Learns from the words of the one who asked, after the answer and never in its way. */
export async function learnFrom(
  deps: LearnDeps,
  heard: LearnJob,
  signal: AbortSignal,
): Promise<readonly Learned[]> {
  const { scope } = heard;
  if ((await deps.memories.settings(scope)).mode !== "on") return [];
  const lines = await deps.transcript.recent(scope, heard.conversationId, {
    limit: MAX_EARLIER + heard.said.length,
    upTo: heard.upTo,
    after: null,
  });
  const own = lines.filter((line) => isOwn(line, scope) && heard.said.includes(line.id));
  const said = own.map(({ text }) => ownWords(text)).join("\n");
  if (wordsOf(said).length < MIN_WORDS || !hasStatement(said)) return [];

  const found = await findIn(deps, scope, said, lines, own, signal);
  const planned = await keepIntentions(deps.intentions, heard, said, found.intentions);
  const validFrom = own.at(-1)?.sentAt ?? deps.clock.now();
  if (deps.graph) await keepRelations(deps.graph, heard, said, validFrom, found.relations);
  if (planned > 0) deps.log.info({ planned }, "intentions-kept");
  const facts = await Promise.all(
    found.facts.map((candidate) => toFact(deps, heard, own, candidate)),
  );
  if (facts.length === 0) return [];
  const learned = await deps.memories.learn(scope, facts, heard.turnId);
  deps.log.info({ ...countsOf(learned) }, "memories-learnt");
  return learned;
}

/** Nothing is learnt from questions, and most messages are nothing else: so they cost no call. */
const hasStatement = (said: string): boolean =>
  said.split(/(?<=[.!?。！？])\s*|\n+/u).some((sentence) => /[^\s?？]\s*$/u.test(sentence));

const isOwn = ({ role, authorId }: TranscriptMessage, { principal }: Scope): boolean =>
  role === "person" && authorId === principal.userId;

async function findIn(
  { extraction, recall, intentions, graph, clock, botName }: LearnDeps,
  scope: Scope,
  said: string,
  lines: readonly TranscriptMessage[],
  own: readonly TranscriptMessage[],
  signal: AbortSignal,
): Promise<Extracted> {
  if (!extraction) return { ...NOTHING_EXTRACTED, facts: candidatesByRule(said) };
  const [known, planned] = await Promise.all([
    recall.related(scope, said, MAX_RELATED),
    intentions.list(scope),
  ]);
  // What others said is not even shown: it could be taken for the person's own.
  const earlier = lines.filter(
    (line) =>
      !own.includes(line) && line.authorId === scope.principal.userId && line.role !== "bot",
  );
  const wantsRelations = graph !== null;
  const given = { said, earlier, known, planned, wantsRelations, now: clock.now() };
  const found = await extract(extraction, given, signal);
  const facts = found.facts.filter(
    ({ text, subject }) =>
      isGrounded(`${subject} ${text}`, said) && !isAboutAssistant(subject, botName),
  );
  const relations = found.relations.filter(
    ({ from, to }) => !isAboutAssistant(from, botName) && !isAboutAssistant(to, botName),
  );
  return { ...found, facts, relations };
}

const isAboutAssistant = (subject: string, botName: string): boolean =>
  [botName.toLowerCase(), "assistant", "the assistant", "you"].includes(subject.toLowerCase());

async function toFact(
  { recall, clock }: LearnDeps,
  { scope, conversationId }: LearnJob,
  own: readonly TranscriptMessage[],
  candidate: Candidate,
): Promise<NewFact> {
  const related = await recall.related(
    scope,
    `${candidate.subject} ${candidate.text}`,
    MAX_RELATED,
  );
  const { sameAs, replaces } = compare(candidate, related);
  return {
    ...candidate,
    replaces,
    sameAs,
    conversationId,
    validFrom: own.at(-1)?.sentAt ?? clock.now(),
    sources: own.map(({ id }) => id),
  };
}

/** What is known in nearly the same words, and what a known form of sentence says to hold no longer. */
export function compare(
  { text, subject, replaces }: Pick<Candidate, "text" | "subject" | "replaces">,
  related: readonly Fact[],
): Pick<NewFact, "sameAs" | "replaces"> {
  const about = related.filter((fact) => fact.subject.toLowerCase() === subject.toLowerCase());
  const same = about.find((fact) => saysTheSame(fact.text, text));
  if (same && replaces.length === 0) return { sameAs: same.id, replaces: [] };
  const slot = slotOf(text);
  const contradicted = about.filter((fact) => slot !== null && slotOf(fact.text) === slot);
  const known = related.map(({ id }) => id);
  return {
    sameAs: null,
    replaces: [
      ...new Set([
        ...replaces.filter((id) => known.includes(id)),
        ...contradicted.map(({ id }) => id),
      ]),
    ],
  };
}

function countsOf(learned: readonly Learned[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind } of learned) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
