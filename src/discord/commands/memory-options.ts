import {
  ApplicationCommandOptionType,
  type APIApplicationCommandBasicOption,
} from "discord-api-types/v10";
import { z } from "zod";
import type { MemoryStore } from "../../core/memory.ts";
import type { Suggest } from "./define-command.ts";
import { ownScope } from "./memory-words.ts";

const MAX_CHOICES = 25;

export const idOption: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "id",
  description: "Which memory: type words of it",
  required: true,
  autocomplete: true,
};

const withId = z.looseObject({ id: z.string() });

/** From a command's form or a control's data; what is no id finds nothing. */
export const readId = (given: unknown): string => withId.parse(given).id.trim();

/** The person's own memories that hold what is typed. */
export const suggestFacts =
  (memories: Pick<MemoryStore, "list">): Suggest =>
  async (typed, _, { scope }) => {
    const words = typed.trim() === "" ? null : typed.trim();
    const page = { words, withPast: false, offset: 0, limit: MAX_CHOICES };
    const { facts } = await memories.list(ownScope(scope), page);
    return facts.map(({ id, text }) => ({ name: text, value: id }));
  };
