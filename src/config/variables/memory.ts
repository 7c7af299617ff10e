import { anyText, flag, httpUrl, oneOf, wholeNumber } from "../parsers.ts";
import { optional, secret, withDefault } from "../variable.ts";

export const memoryVariables = {
  MEM0_PROVIDER: optional(
    "Whose model learns from what people say. Not set: the low tier of who answers",
    oneOf(["openrouter", "nanogpt", "openai", "anthropic"]),
  ),
  MEM0_MODEL: optional("The model that learns. Not set: the low tier of MEM0_PROVIDER", anyText),
  MEM0_API_KEY: secret("Its key. Not set: the key of the same provider above"),
  MEM0_BASE_URL: optional("A compatible server for it, for example one at home", httpUrl),
  OPENAI_API_KEY: secret(
    "For embeddings: memories are then found by their meaning, too. Her answers need CUSTOM_OPENAI_API_KEY",
  ),
  OPENAI_BASE_URL: {
    ...optional("A compatible server for embeddings; one at home often needs no key", httpUrl),
    oldName: "OPENAI_API_BASE",
  },
  EMBEDDING_MODEL: withDefault(
    "text-embedding-3-small",
    "The model that makes embeddings. After a change all are made anew, by themselves",
    anyText,
  ),
  EMBEDDING_MODEL_DIMS: optional(
    "How many numbers an embedding has. Not set: as many as the model gives",
    wholeNumber(8, 8_192),
  ),
  CLARA_MEMORY_TONE: withDefault(
    "on",
    "Let her guess how a talk that is over felt; told to that person's own talks only, as a guess",
    flag,
  ),
  ENABLE_GRAPH_MEMORY: withDefault(
    "off",
    "Keep who and what people speak of and how it hangs together, learnt by the same call",
    flag,
  ),
  GRAPH_STORE_PROVIDER: withDefault(
    "postgres",
    "Where that is kept. Only postgres so far: the database that is there anyway, embedded or not",
    oneOf(["postgres", "neo4j", "kuzu", "falkordb"]),
  ),
};
