import { ApplicationCommandOptionType } from "discord-api-types/v10";
import type { AttachmentSource } from "../../core/files.ts";
import { MAX_INSTRUCTION_CHARS, MAX_OWN_SKILLS, type OwnSkills } from "../../core/own-skills.ts";
import type { Scope } from "../../core/principal.ts";
import { isSkillName, parseSkillText, type SkillText } from "../../lib/skill-text.ts";
import { defineAction, defineFormAction } from "./define-action.ts";
import {
  defineCommand,
  defineGroup,
  type CommandContext,
  type CommandGroup,
} from "./define-command.ts";
import type { Form, Reply } from "./reply.ts";

interface Deps {
  readonly ownSkills: OwnSkills;
  readonly attachments: AttachmentSource;
}

const OPEN_FORM = "skills-form";
const WRITE = "skills-write";
/** Discord's form takes so much. */
const MAX_FORM_CHARS = 4_000;
const MAX_BYTES = 4 * MAX_INSTRUCTION_CHARS;

/** `/skills`: how a person wants things done, read by Clara when that person asks for something like it. */
export const skillsGroup = (deps: Deps): CommandGroup =>
  defineGroup({
    name: "skills",
    description:
      "How you want things done, in your own words: I read it when you ask for something like it",
    commands: [list(deps), add(deps), remove(deps)],
    actions: [
      defineFormAction({ name: OPEN_FORM, form: () => FORM }),
      defineAction({
        name: WRITE,
        async run({ fields }, { scope }) {
          const { name = "", description = "", instructions = "" } = fields;
          return {
            kind: "replace",
            reply: { text: await write(deps, scope, name, description, instructions) },
          };
        },
      }),
    ],
  });

const list = ({ ownSkills }: Deps) =>
  defineCommand({
    name: "list",
    description: "What you have written down",
    options: [],
    async run(_, { scope }) {
      const skills = await ownSkills.list(scope);
      if (skills.length === 0) return "You have written nothing down yet: `/skills add`.";
      return [
        ...skills.map(({ name, description }) => `- \`${name}\`: ${description}`),
        "-# I use them when you ask, wherever you ask; others see what I do with them, not the texts themselves.",
      ].join("\n");
    },
  });

const add = (deps: Deps) =>
  defineCommand({
    name: "add",
    description: "Write one down, or give me a SKILL.md",
    options: [
      {
        type: ApplicationCommandOptionType.Attachment,
        name: "file",
        description: "A SKILL.md: name and description between lines of ---, then what to do",
        required: false,
      },
    ],
    async run(_, context): Promise<string | Reply> {
      const file = context.attachments?.["file"];
      if (!file) return ASK;
      const read = await textOf(deps, file, context);
      if ("why" in read) return read.why;
      const parsed = parseSkillText(read.text);
      if ("why" in parsed) return `That is no SKILL.md: ${parsed.why}.`;
      return save(deps, context.scope, parsed.skill);
    },
  });

const ASK: Reply = {
  text: 'Give me a file with `/skills add file:`, or write it here. For example *invoices*: "How I want invoices checked", and then the steps.',
  rows: [[{ kind: "button", label: "Write", style: "primary", action: OPEN_FORM, data: {} }]],
};

const FORM: Form = {
  title: "How you want something done",
  action: WRITE,
  data: {},
  fields: [
    {
      name: "name",
      label: "A short name, without spaces",
      style: "short",
      isRequired: true,
      maxLength: 64,
    },
    {
      name: "description",
      label: "When it is to be used",
      style: "short",
      isRequired: true,
      maxLength: 300,
    },
    {
      name: "instructions",
      label: "What to do",
      style: "long",
      isRequired: true,
      maxLength: MAX_FORM_CHARS,
    },
  ],
};

async function textOf(
  { attachments }: Deps,
  file: Parameters<AttachmentSource["fetch"]>[0],
  { signal }: CommandContext,
): Promise<{ readonly text: string } | { readonly why: string }> {
  const fetched = await attachments.fetch(file, MAX_BYTES, signal);
  switch (fetched.kind) {
    case "fetched": {
      const text = new TextDecoder().decode(fetched.bytes);
      return text.length > MAX_INSTRUCTION_CHARS
        ? {
            why: `It is longer than ${MAX_INSTRUCTION_CHARS} characters: leave out what is not needed.`,
          }
        : { text };
    }
    case "too-large":
      return {
        why: `It is longer than ${MAX_INSTRUCTION_CHARS} characters: leave out what is not needed.`,
      };
    case "gone":
      return { why: "Discord does not give me that file. Please attach it again." };
  }
}

async function write(
  deps: Deps,
  scope: Scope,
  name: string,
  description: string,
  instructions: string,
): Promise<string> {
  const plain = name.trim().replace(/\s+/g, "-");
  if (!isSkillName(plain))
    return "The name has to be letters, figures and dashes, at most 64. Nothing was kept.";
  const wanted = {
    name: plain,
    description: description.trim(),
    instructions: instructions.trim(),
  };
  return save(deps, scope, wanted);
}

async function save({ ownSkills }: Deps, scope: Scope, skill: SkillText): Promise<string> {
  if (skill.instructions === "") return "There is nothing to do in it. Nothing was kept.";
  const saved = await ownSkills.save(scope, skill);
  return saved === "saved"
    ? `\`${skill.name}\` is written down. I read it when you ask for something like it.`
    : `You have ${MAX_OWN_SKILLS} already: remove one with \`/skills remove\`. Nothing was kept.`;
}

const remove = ({ ownSkills }: Deps) =>
  defineCommand({
    name: "remove",
    description: "Take one away",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "name",
        description: "Which one",
        required: true,
        autocomplete: true,
        max_length: 64,
      },
    ],
    suggest: {
      async name(typed, _, { scope }) {
        const skills = await ownSkills.list(scope);
        return skills
          .filter(({ name }) => name.includes(typed))
          .map(({ name }) => ({ name, value: name }));
      },
    },
    async run({ name = "" }, { scope }) {
      const isGone = await ownSkills.remove(scope, name);
      return isGone
        ? `\`${name}\` is gone.`
        : "You have none of that name: `/skills list` tells which there are.";
    },
  });
