import type { Clock } from "../../core/clock.ts";
import { FACT_KINDS, type Fact, type MemoryStore } from "../../core/memory.ts";
import type { Scope } from "../../core/principal.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { ownScope } from "./memory-words.ts";

const PAGE = 100;

export interface ExportDeps {
  readonly memories: Pick<MemoryStore, "list">;
  readonly clock: Clock;
}

/** `/memory export`: everything, for programs and for people. */
export const exportMemories = ({ memories, clock }: ExportDeps): Command =>
  defineCommand({
    name: "export",
    description: "Everything that I remember of you, as files",
    options: [],
    async run(_, { scope }) {
      const facts = await readAll(memories, ownScope(scope));
      if (facts.length === 0) return "I remember nothing of you.";
      const date = clock.now().toISOString().slice(0, 10);
      const encode = (text: string) => new TextEncoder().encode(text);
      return {
        text: `${facts.length} in two files: one to read, one for \`/memory import\` and for programs.`,
        files: [
          { name: `memories-${date}.json`, content: encode(toJsonFile(facts)) },
          { name: `memories-${date}.md`, content: encode(toMarkdown(facts, date)) },
        ],
      };
    },
  });

async function readAll(memories: ExportDeps["memories"], scope: Scope): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (let isMore = true; isMore;) {
    const page = { words: null, withPast: true, offset: facts.length, limit: PAGE };
    const found = await memories.list(scope, page);
    facts.push(...found.facts);
    isMore = found.facts.length === PAGE;
  }
  return facts;
}

/** The form of an export; the same in every version, so that old files can be read. */
const toJsonFile = (facts: readonly Fact[]): string =>
  JSON.stringify(
    {
      format: "clara-memories",
      version: 1,
      memories: facts.map((fact) => ({
        ...fact,
        // Of people and places nothing but what the facts say.
        ownerId: undefined,
        authorId: undefined,
        ownerName: undefined,
        guildId: undefined,
      })),
    },
    null,
    2,
  );

const toMarkdown = (facts: readonly Fact[], date: string): string => {
  const byKind = FACT_KINDS.flatMap((kind) => {
    const own = facts.filter((fact) => fact.kind === kind);
    return own.length === 0 ? [] : [`\n## ${kind}\n`, ...own.map(toItem)];
  });
  return [`# What Clara remembers, ${date}`, ...byKind, ""].join("\n");
};

const toItem = ({ text, subject, validFrom, validTo, isPinned }: Fact): string => {
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const until = validTo === null ? "" : ` to ${day(validTo)}`;
  return `- ${text}${subject === "" ? "" : ` (about ${subject})`}, from ${day(validFrom)}${until}${isPinned ? ", pinned" : ""}`;
};
