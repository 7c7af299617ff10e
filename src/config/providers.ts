import type { ModelNames, OpenAiProvider, ProviderOptions } from "../llm/models.ts";
import type { ProblemList } from "./problems.ts";
import type { Values } from "./variables.ts";

export type Providers = readonly [ProviderOptions, ...ProviderOptions[]];
type RemoteId = "openrouter" | "nanogpt" | "openai" | "anthropic";

/** The demo model hands out its words at the pace of a quick real one. */
const DEMO_DELAY_MS = 20;
const DEMO: ProviderOptions = { kind: "demo", delayMs: DEMO_DELAY_MS };

/** The variable that sets each provider up. */
const KEYS: Readonly<Record<RemoteId, keyof Values>> = {
  openrouter: "OPENROUTER_API_KEY",
  nanogpt: "NANOGPT_API_KEY",
  openai: "CUSTOM_OPENAI_API_KEY",
  anthropic: "ANTHROPIC_API_KEY",
};
const REMOTE = Object.keys(KEYS) as readonly RemoteId[];

/** First the one that answers, then the others that are set up, which LLM_FALLBACK may name. */
export function toProviders(values: Values, problems: ProblemList): Providers {
  checkFallback(values, problems);
  checkAccess(values, problems);
  const chosen = choose(values, problems);
  const others = REMOTE.filter((id) => id !== chosen && isSetUp(id, values));
  return [
    chosen === "demo" ? DEMO : toOptions(chosen, values),
    ...others.map((id) => toOptions(id, values)),
  ];
}

/** The model that learns, when it is to be another one than the low tier of who answers. */
export function toLearner(values: Values, problems: ProblemList): ProviderOptions | null {
  const {
    MEM0_PROVIDER: id,
    MEM0_MODEL: model,
    MEM0_API_KEY: apiKey,
    MEM0_BASE_URL: baseUrl,
  } = values;
  if (id === null) {
    if (model !== null || apiKey !== null || baseUrl !== null)
      problems.add(
        "MEM0_PROVIDER",
        "must say whose model learns, since another MEM0 variable is set",
      );
    return null;
  }
  if (apiKey === null && baseUrl === null && !isSetUp(id, values))
    problems.add("MEM0_API_KEY", `is needed by MEM0_PROVIDER=${id}, or ${KEYS[id]}`);
  const options = toOptions(id, values);
  if (options.kind === "demo") return options;
  return {
    ...options,
    apiKey: apiKey ?? options.apiKey,
    baseUrl: baseUrl ?? options.baseUrl,
    models: model === null ? options.models : { base: model, high: null, mid: null, low: model },
  };
}

function choose(values: Values, problems: ProblemList): RemoteId | "demo" {
  const wanted = values.LLM_PROVIDER;
  if (wanted === "demo") return "demo";
  if (wanted !== null) {
    if (!isSetUp(wanted, values))
      problems.add(KEYS[wanted], `is needed by LLM_PROVIDER=${wanted}${hintFor(wanted)}`);
    return wanted;
  }
  const ready = REMOTE.filter((id) => isSetUp(id, values));
  const [only] = ready;
  if (only === undefined) return "demo";
  if (ready.length > 1 && only !== "openrouter")
    problems.add(
      "LLM_PROVIDER",
      `must say who answers, since several have a key: ${ready.join(", ")}`,
    );
  return only;
}

/** A server at home needs an address, not a key. */
const isSetUp = (id: RemoteId, values: Values): boolean =>
  values[KEYS[id]] !== null || (id === "openai" && values.CUSTOM_OPENAI_BASE_URL !== null);

const hintFor = (id: RemoteId): string =>
  id === "openai"
    ? ", or CUSTOM_OPENAI_BASE_URL when your own server needs no key (OPENAI_API_KEY is for embeddings)"
    : "";

function checkFallback(values: Values, problems: ProblemList): void {
  for (const entry of values.LLM_FALLBACK ?? []) {
    const id = REMOTE.find((candidate) => candidate === entry.split("/")[0]);
    if (id === undefined)
      problems.add(
        "LLM_FALLBACK",
        `may only name ${REMOTE.join(", ")}, each with a model behind a slash if wanted`,
      );
    else if (!isSetUp(id, values))
      problems.add("LLM_FALLBACK", `names ${id}, which needs ${KEYS[id]}`);
  }
}

function checkAccess(values: Values, problems: ProblemList): void {
  if ((values.CF_ACCESS_CLIENT_ID === null) === (values.CF_ACCESS_CLIENT_SECRET === null)) return;
  const missing =
    values.CF_ACCESS_CLIENT_ID === null ? "CF_ACCESS_CLIENT_ID" : "CF_ACCESS_CLIENT_SECRET";
  problems.add(missing, "is needed too: Cloudflare Access wants an id and a secret");
}

function toOptions(id: RemoteId, values: Values): ProviderOptions {
  switch (id) {
    case "openrouter":
      return {
        ...compatible(id, "OPENROUTER", values),
        headers: { "HTTP-Referer": values.OPENROUTER_SITE, "X-Title": values.OPENROUTER_TITLE },
      };
    case "nanogpt":
      return compatible(id, "NANOGPT", values);
    case "openai":
      return {
        ...compatible(id, "CUSTOM_OPENAI", values),
        baseUrl: values.CUSTOM_OPENAI_BASE_URL,
        headers: accessHeaders(values.CUSTOM_OPENAI_BASE_URL, values),
      };
    case "anthropic":
      return {
        kind: "anthropic",
        apiKey: values.ANTHROPIC_API_KEY ?? "",
        baseUrl: values.ANTHROPIC_BASE_URL,
        models: modelsOf("ANTHROPIC", values),
        headers: accessHeaders(values.ANTHROPIC_BASE_URL, values),
        contextTokens: null,
        thinking: values.ANTHROPIC_THINKING,
        effort: values.ANTHROPIC_EFFORT,
      };
  }
}

function compatible(
  name: string,
  prefix: "OPENROUTER" | "NANOGPT" | "CUSTOM_OPENAI",
  values: Values,
): OpenAiProvider {
  return {
    kind: "openai-compatible",
    name,
    apiKey: values[`${prefix}_API_KEY`] ?? "",
    baseUrl: null,
    models: modelsOf(prefix, values),
    contextTokens: null,
    headers: {},
  };
}

const modelsOf = (
  prefix: "OPENROUTER" | "NANOGPT" | "CUSTOM_OPENAI" | "ANTHROPIC",
  values: Values,
): ModelNames => ({
  base: values[`${prefix}_MODEL`],
  high: values[`${prefix}_MODEL_HIGH`],
  mid: values[`${prefix}_MODEL_MID`],
  low: values[`${prefix}_MODEL_LOW`],
});

/** Only for an address of the operator's own: they are no business of a provider's. */
function accessHeaders(
  baseUrl: string | null,
  { CF_ACCESS_CLIENT_ID: id, CF_ACCESS_CLIENT_SECRET: secret }: Values,
): Readonly<Record<string, string>> {
  return baseUrl === null || id === null || secret === null
    ? {}
    : { "CF-Access-Client-Id": id, "CF-Access-Client-Secret": secret };
}
