import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { McpProblem, type McpPrompt } from "../../core/mcp-control.ts";
import type { McpDesk } from "../../core/mcp-desk.ts";
import { defineCommand } from "./define-command.ts";
import { quoted, safe } from "./mcp-words.ts";

const MAX_SUGGESTED = 25;
/** Discord's, for the name and the value of a choice. */
const MAX_CHOICE_CHARS = 100;
const MAX_TEXT_CHARS = 1_500;

/** `/mcp prompt`: a text that a server keeps ready, for the person alone: he reads it before he says it. */
export const promptCommand = ({ prompts }: Pick<McpDesk, "prompts">) =>
  defineCommand({
    name: "prompt",
    description: "Get a text that a server keeps ready for some task",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "prompt",
        description: "Which one",
        required: true,
        autocomplete: true,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: "values",
        description: "What it is filled in with, for example: city=Oslo; days=3",
      },
    ],
    suggest: {
      prompt: async (typed, _, { scope }) =>
        prompts
          .list(scope)
          .map((prompt) => ({ name: labelOf(prompt), value: keyOf(prompt) }))
          .filter(
            ({ name, value }) => fits(value) && name.toLowerCase().includes(typed.toLowerCase()),
          )
          .slice(0, MAX_SUGGESTED),
    },
    async run({ prompt: wanted = "", values = "" }, { scope, signal }) {
      const found = prompts.list(scope).find((prompt) => keyOf(prompt) === wanted.trim());
      if (!found) return "There is no such text here now. Choose one of those that are offered.";
      const given = readValues(values);
      const missing = found.values.filter(({ name, isRequired }) => isRequired && !(name in given));
      if (missing.length > 0) return missingWords(missing);
      try {
        const { text } = await prompts.get(scope, found.serverId, found.name, given, signal);
        return shownWords(found, text);
      } catch (error) {
        if (!(error instanceof McpProblem)) throw error;
        return `It could not be had: ${safe(error.message)}`;
      }
    },
  });

const keyOf = ({ serverName, name }: McpPrompt): string => `${serverName}/${name}`;

const fits = (value: string): boolean => value.length <= MAX_CHOICE_CHARS;

const labelOf = (prompt: McpPrompt): string =>
  [keyOf(prompt), prompt.description]
    .filter((piece) => piece !== "")
    .join(": ")
    .slice(0, MAX_CHOICE_CHARS);

/** `a=1; b=2`, or one a line. */
const readValues = (typed: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    typed
      .split(/[;\n]/)
      .map((piece) => /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(piece))
      .flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], match[2] ?? ""]])),
  );

const missingWords = (missing: McpPrompt["values"]): string =>
  [
    "It has to be filled in first, with `values`:",
    ...missing.map(
      ({ name, description }) => `- \`${name.replaceAll("`", "'")}\`: ${quoted(description)}`,
    ),
  ].join("\n");

function shownWords({ serverName, name }: McpPrompt, text: string): string {
  const shown = text.slice(0, MAX_TEXT_CHARS);
  const more = text.length > shown.length ? "\n-# It goes on; here is no place for more." : "";
  const lines = shown.split("\n").map((line) => `> ${safe(line)}`);
  return `**${safe(name)}** of **${serverName}**. These are a stranger's words: read them, then say to me what you want of them.\n${lines.join("\n")}${more}`;
}
