import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import type { AttachmentSource } from "../../core/files.ts";
import type { UserId } from "../../core/ids.ts";
import { FACT_KINDS, type MemoryStore } from "../../core/memory.ts";
import type { Attachment } from "../../core/message.ts";
import type { Scope } from "../../core/principal.ts";
import { countImport, importWords, toNewFacts } from "../../memory/import-facts.ts";
import { MAX_IMPORT_BYTES, readImport, type ImportedFact } from "../../memory/read-import.ts";
import { snowflakeOf } from "../snowflake.ts";
import { defineAction, defineFormAction, type Action, type FormAction } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import { ownScope } from "./memory-words.ts";
import type { Reply } from "./reply.ts";

/** Discord's form takes so much. */
const MAX_FORM_CHARS = 4_000;

export interface ImportDeps {
  readonly memories: Pick<MemoryStore, "learn" | "preview">;
  readonly attachments: AttachmentSource;
  readonly clock: { readonly now: () => Date };
}

/** `/memory import`: from a file; without one it opens a form, since a command's own answer cannot be one. */
export const importMemories = (deps: ImportDeps): Command =>
  defineCommand({
    name: "import",
    description: "Give me memories: an export of mine, mem0's, a Qdrant dump, or a list",
    options: [
      {
        type: ApplicationCommandOptionType.Attachment,
        name: "file",
        description: "JSON, or a text with one memory on each line",
        required: false,
      },
    ],
    async run(_, { scope, attachments, signal }) {
      const file = attachments?.["file"];
      if (!file) return PASTE;
      const content = await contentOf(deps, file, signal);
      return content.kind === "read" ? check(deps, scope, content.text) : content.problem;
    },
  });

const PASTE: Reply = {
  text: "Give me a file with `/memory import file:`, or paste the JSON of an export, or one memory a line. They are known to you alone until you widen them. You see what would be taken before anything is kept.",
  rows: [[{ kind: "button", label: "Paste", action: "memory-import-form", data: {} }]],
};

async function contentOf(
  { attachments }: ImportDeps,
  file: Attachment,
  signal: AbortSignal,
): Promise<
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "not"; readonly problem: string }
> {
  const fetched = await attachments.fetch(file, MAX_IMPORT_BYTES, signal);
  switch (fetched.kind) {
    case "fetched":
      return { kind: "read", text: new TextDecoder().decode(fetched.bytes) };
    case "too-large":
      return {
        kind: "not",
        problem: `The file is larger than ${MAX_IMPORT_BYTES / 1_000_000} MB. Leave out the vectors, or split it.`,
      };
    case "gone":
      return {
        kind: "not",
        problem: "Discord does not give me that file. Please attach it again.",
      };
  }
}

/** The card: what would come of it. Nothing is kept yet. */
async function check(deps: ImportDeps, scope: Scope, content: string): Promise<Reply> {
  const own = ownScope(scope);
  const read = readImport(content, namesOf(own.principal.userId));
  if (read.kind === "unreadable")
    return { text: "I cannot read that JSON: it may be cut off, or of a form that I do not know." };
  const tried = await deps.memories.preview(own, toNewFacts(read.facts, deps.clock.now()));
  const words = importWords(read, countImport(tried));
  if (!tried.some(({ kind }) => kind === "added")) return { text: words };
  return {
    text: words,
    rows: [
      [
        {
          kind: "button",
          label: "Import",
          style: "primary",
          action: "memory-import-confirm",
          data: { facts: read.facts.map((fact) => ({ ...fact })) },
        },
      ],
    ],
  };
}

/** As the person may be called in a file of an older Clara. */
const namesOf = (id: UserId): readonly string[] => {
  const snowflake = snowflakeOf(id);
  return [id, snowflake, `discord-${snowflake}`];
};

/** As `check` wrote it. */
const confirmed = z.looseObject({
  facts: z.array(
    z.object({
      text: z.string(),
      kind: z.enum(FACT_KINDS),
      subject: z.string(),
      isKey: z.boolean(),
      validFrom: z.string().nullable(),
    }),
  ) satisfies z.ZodType<readonly ImportedFact[]>,
});

export const importActions = (deps: ImportDeps): readonly (Action | FormAction)[] => [
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
    run: async ({ fields }, { scope }) => ({
      kind: "replace",
      reply: await check(deps, scope, fields["content"] ?? ""),
    }),
  }),
  defineAction({
    name: "memory-import-confirm",
    async run({ data }, { scope }) {
      const { facts } = confirmed.parse(data);
      const wanted = toNewFacts(facts, deps.clock.now());
      const { added, known, refused } = countImport(
        await deps.memories.learn(ownScope(scope), wanted),
      );
      const text = `${added} new, ${known} known before, ${refused.length} refused.`;
      return { kind: "replace", reply: { text } };
    },
  }),
];
