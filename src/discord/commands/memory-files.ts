import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import { FACT_KINDS, type Fact, type MemoryStore } from "../../core/memory.ts";
import type { Scope } from "../../core/principal.ts";
import { defineAction, defineFormAction, type Action, type FormAction } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { ownScope } from "./memory-words.ts";

const PAGE = 100;
/** Of one import; Discord's form takes 4,000 characters. */
const MAX_IMPORTED = 100;
const MAX_FORM_CHARS = 4_000;

export interface FileDeps {
  readonly memories: Pick<MemoryStore, "list" | "learn">;
  readonly clock: Clock;
}

/** `/memory export`: everything, for programs and for people. */
export const exportMemories = ({ memories, clock }: FileDeps): Command =>
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

async function readAll(memories: FileDeps["memories"], scope: Scope): Promise<readonly Fact[]> {
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

const imported = z.looseObject({
  text: z.string().trim().min(1),
  kind: z.enum(FACT_KINDS).catch("other"),
  subject: z.string().catch(""),
  isKey: z.boolean().catch(false),
  validFrom: z.coerce.date().nullish().catch(null),
  validTo: z.string().nullish().catch(null),
});
const file = z.union([
  z.looseObject({ memories: z.array(imported) }).transform(({ memories }) => memories),
  z.array(imported),
]);

/** `/memory import`: opens a form, since a command's own answer cannot be one. */
export const importMemories = (): Command =>
  defineCommand({
    name: "import",
    description: "Give me memories from a file of `/memory export`, or a list",
    options: [],
    run: async () => ({
      text: "Paste the JSON of an export, or one memory a line. They are known to you alone until you widen them.",
      rows: [[{ kind: "button", label: "Paste", action: "memory-import-form", data: {} }]],
    }),
  });

export const fileActions = ({ memories, clock }: FileDeps): readonly (Action | FormAction)[] => [
  defineFormAction({
    name: "memory-import-form",
    form: () => ({
      title: "Import memories",
      action: "memory-import",
      data: {},
      fields: [
        {
          name: "content",
          label: "JSON, or one memory a line",
          style: "long",
          isRequired: true,
          maxLength: MAX_FORM_CHARS,
        },
      ],
    }),
  }),
  defineAction({
    name: "memory-import",
    async run({ fields }, { scope }) {
      const facts = readImport(fields["content"] ?? "");
      if (!facts)
        return { kind: "whisper", reply: { text: "I cannot read that JSON: it may be cut off." } };
      const learned = await memories.learn(
        ownScope(scope),
        facts.map(({ text, kind, subject, isKey, validFrom }) => ({
          text,
          kind,
          subject,
          isKey,
          confidence: 0.9,
          origin: "imported",
          validFrom: validFrom ?? clock.now(),
          sources: [],
          conversationId: null,
          replaces: [],
          sameAs: null,
        })),
      );
      const count = (wanted: string) => learned.filter(({ kind }) => kind === wanted).length;
      const text = `${count("added")} new, ${count("known")} known before, ${count("refused")} refused.`;
      return { kind: "replace", reply: { text } };
    },
  }),
];

type Imported = z.output<typeof imported>;

/** null when it looks like JSON and is none. What holds no longer is left out. */
function readImport(content: string): readonly Imported[] | null {
  const text = content.trim();
  if (!/^[[{]/.test(text)) {
    const lines = text.split("\n").map((line) => line.replace(/^\s*[-*]\s+/, "").trim());
    return lines
      .filter((line) => line !== "" && !line.startsWith("#"))
      .slice(0, MAX_IMPORTED)
      .map((line) => imported.parse({ text: line }));
  }
  try {
    const parsed = file.safeParse(JSON.parse(text));
    if (!parsed.success) return null;
    return parsed.data.filter(({ validTo }) => (validTo ?? null) === null).slice(0, MAX_IMPORTED);
  } catch {
    return null; // Cut off, most likely.
  }
}
