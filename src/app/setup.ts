import type { Config } from "../config.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Models } from "../core/model.ts";
import type { SecretOwner, SecretStore } from "../core/secrets.ts";
import type { KeyEntered, ProviderChoice, Setup } from "../core/setup.ts";
import { asError } from "../lib/as-error.ts";
import { probe } from "../llm/probe.ts";

const OPERATOR: SecretOwner = { kind: "operator" };
const PREFIX = "variable:";

/** The variable that says which of several providers answers. */
const CHOICE = "LLM_PROVIDER";

const PROVIDERS: readonly (ProviderChoice & { readonly id: string })[] = [
  {
    id: "openrouter",
    variable: "OPENROUTER_API_KEY",
    name: "OpenRouter",
    url: "https://openrouter.ai/keys",
  },
  {
    id: "anthropic",
    variable: "ANTHROPIC_API_KEY",
    name: "Anthropic",
    url: "https://console.anthropic.com/settings/keys",
  },
  {
    id: "nanogpt",
    variable: "NANOGPT_API_KEY",
    name: "NanoGPT",
    url: "https://nano-gpt.com/api",
  },
  {
    id: "openai",
    variable: "CUSTOM_OPENAI_API_KEY",
    name: "OpenAI",
    url: "https://platform.openai.com/api-keys",
  },
];

export type Entered = Readonly<Record<string, string>>;

/** What an operator entered earlier, by variable: the environment's own values win over these. */
export async function readEntered(secrets: SecretStore, log: Log): Promise<Entered> {
  const names = await secrets.names(OPERATOR);
  const found = await Promise.all(
    names
      .filter((name) => name.startsWith(PREFIX))
      .map(async (name) => [name, await secrets.get(OPERATOR, name)] as const),
  );
  return Object.fromEntries(
    found.flatMap(([name, value]) => {
      if (value.kind === "found") return [[name.slice(PREFIX.length), value.secret.reveal()]];
      log.warn({ name }, "secret-locked");
      return [];
    }),
  );
}

/** The given configuration with what was entered; without it when they do not go together, since she has to start. */
export function withEntered(
  { configure, log }: Pick<Deps, "configure" | "log">,
  given: Config,
  entered: Entered,
): Config {
  if (Object.keys(entered).length === 0) return given;
  const wanted = tryConfigure({ configure }, entered);
  if ("config" in wanted) return wanted.config;
  log.warn({ variables: Object.keys(entered).join(" ") }, "entered-settings-ignored");
  return given;
}

interface Deps {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The configuration with what was entered. Throws ConfigError when they do not go together. */
  readonly configure: (entered: Entered) => Config;
  readonly buildModels: (config: Config) => Promise<Models>;
  readonly switchTo: (models: Models) => void;
}

export interface RunningSetup extends Setup {
  /** What is on and what is off, as it is now. */
  readonly rooms: () => Config["rooms"];
}

/** Lets the operator enter the key of a model without a shell and without a new start. */
export function createSetup(deps: Deps, first: Config): RunningSetup {
  let config = first;
  const isDemo = () => config.models.providers[0].kind === "demo";

  async function enterKey(variable: string, key: string, signal: AbortSignal): Promise<KeyEntered> {
    const provider = PROVIDERS.find((each) => each.variable === variable);
    const text = key.trim();
    if (!provider || text === "") return { kind: "refused", words: "There is no key in the form." };
    const before = await readEntered(deps.secrets, deps.log);
    const entered = { ...before, [variable]: text, [CHOICE]: provider.id };
    const wanted = tryConfigure(deps, entered);
    if ("words" in wanted) return { kind: "refused", words: wanted.words };
    const models = await deps.buildModels(wanted.config);
    const model = models.byTier("low");
    const tried = await probe(model, { clock: deps.clock, signal });
    if (!tried.ok) return { kind: "refused", words: tried.advice };
    // The key first: a choice without its key would be refused at the next start.
    await deps.secrets.put(OPERATOR, PREFIX + variable, text);
    await deps.secrets.put(OPERATOR, PREFIX + CHOICE, provider.id);
    config = wanted.config;
    deps.switchTo(models);
    deps.log.info({ variable }, "key-entered");
    return { kind: "works", model: models.byTier(models.defaultTier).name };
  }

  return {
    isDemo,
    rooms: () => config.rooms,
    providers: PROVIDERS,
    async enterKey(variable, key, signal) {
      try {
        return await enterKey(variable, key, signal);
      } catch (error) {
        signal.throwIfAborted();
        deps.log.warn({ variable, error: asError(error) }, "key-not-entered");
        return {
          kind: "refused",
          words:
            error instanceof Error && error.message.includes("CLARA_SECRET_KEYS")
              ? error.message
              : "That did not work; my log says why. Nothing was kept.",
        };
      }
    },
  };
}

function tryConfigure(
  { configure }: Pick<Deps, "configure">,
  entered: Entered,
): { readonly config: Config } | { readonly words: string } {
  try {
    return { config: configure(entered) };
  } catch (error) {
    return { words: asError(error).message };
  }
}
