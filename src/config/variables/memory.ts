import { anyText, httpUrl, oneOf } from "../parsers.ts";
import { optional, secret } from "../variable.ts";

export const memoryVariables = {
  MEM0_PROVIDER: optional(
    "Whose model learns from what people say. Not set: the low tier of who answers",
    oneOf(["openrouter", "nanogpt", "openai", "anthropic"]),
  ),
  MEM0_MODEL: optional("The model that learns. Not set: the low tier of MEM0_PROVIDER", anyText),
  MEM0_API_KEY: secret("Its key. Not set: the key of the same provider above"),
  MEM0_BASE_URL: optional("A compatible server for it, for example one at home", httpUrl),
};
