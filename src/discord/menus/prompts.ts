import { readFileSync } from "node:fs";

const read = (name: string): string =>
  readFileSync(new URL(`../prompts/${name}.md`, import.meta.url), "utf8").trim();

/** Prompts are files, read once, reviewed like code. */
export const askAboutPrompt = read("ask-about");
export const summarisePrompt = read("summarise");
export const catchUpPrompt = read("catch-up");
