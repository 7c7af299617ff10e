import { readFileSync } from "node:fs";

const read = (name: string): string =>
  readFileSync(new URL(`prompts/${name}.md`, import.meta.url), "utf8").trim();

/** Prompts are files beside this one, read once, reviewed like code. */
export const builtInPersona = read("persona");
export const houseRules = read("house");
export const summaryPrompt = read("summary");
export const mailRulePrompt = read("mail-rule");
export const mailAnswerPrompt = read("mail-answer");
export const mailDigestPrompt = read("mail-digest");
