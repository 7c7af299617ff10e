import { builtInPersona } from "../agent/prompts.ts";
import type { PersonaSource } from "../config.ts";
import { readText } from "./read-text.ts";

export async function readPersona(source: PersonaSource): Promise<string> {
  switch (source.kind) {
    case "built-in":
      return builtInPersona;
    case "text":
      return source.text;
    case "file":
      return (await readText(source.path, "BOT_PERSONALITY_FILE")).trim();
  }
}
