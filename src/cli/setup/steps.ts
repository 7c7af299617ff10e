import { loadConfig, type Config } from "../../config.ts";
import { silentLog } from "../../core/log.ts";
import { createSecretFilter } from "../../lib/secret-filter.ts";
import type { ModelsDeps } from "../../llm/models.ts";
import { runChecks, type Check, type Diagnosis } from "../doctor/check.ts";
import { checkDiscordRoom } from "../doctor/discord.ts";
import { checkModels } from "../doctor/models.ts";
import { toText } from "../doctor/report.ts";
import type { Machine } from "../machine.ts";
import type { Ask } from "./ask.ts";

export interface StepDeps extends Omit<ModelsDeps, "log"> {
  readonly machine: Machine;
  readonly ask: Ask["ask"];
}

/** left: the person has gone away, and nothing is to be written. */
export type Answers =
  | { readonly kind: "set"; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "left" };

const LEFT: Answers = { kind: "left" };
const NOTHING: Answers = { kind: "set", values: {} };
/** A key that does not work is asked for again so often. */
const MAX_TRIES = 3;
const CHECK_TIMEOUT_MS = 30_000;

const PROVIDERS = [
  { name: "Anthropic", variable: "ANTHROPIC_API_KEY", url: "https://console.anthropic.com" },
  { name: "OpenRouter", variable: "OPENROUTER_API_KEY", url: "https://openrouter.ai/keys" },
  { name: "NanoGPT", variable: "NANOGPT_API_KEY", url: "https://nano-gpt.com/api" },
] as const;

/** Who answers. A key is tried with one small call before it is taken. */
export async function chooseModel(deps: StepDeps): Promise<Answers> {
  const { machine, ask } = deps;
  const list = PROVIDERS.map(({ name }, index) => `  ${index + 1}  ${name}\n`).join("");
  machine.output.write(
    `Who answers?\n${list}  ${PROVIDERS.length + 1}  a server of your own with OpenAI's interface (Ollama, vLLM, LM Studio ...)\n`,
  );
  const chosen = await ask("A number, or Enter for the demo model: ");
  if (chosen === null) return LEFT;
  if (chosen === "") return NOTHING;
  if (chosen === String(PROVIDERS.length + 1)) return ownServer(deps);
  const provider = PROVIDERS[Number(chosen) - 1];
  if (!provider) {
    machine.output.write("That is none of them.\n\n");
    return chooseModel(deps);
  }
  machine.output.write(`A key comes from ${provider.url}\n`);
  const question = `Its key (not shown while you type; Enter leaves it out): `;
  return untilItWorks(deps, question, (key) => ({ [provider.variable]: key }), checkModels);
}

async function ownServer(deps: StepDeps): Promise<Answers> {
  const baseUrl = await deps.ask("Its address, for example http://127.0.0.1:11434/v1: ");
  if (baseUrl === null) return LEFT;
  const model = await deps.ask("The model's name there: ");
  if (model === null) return LEFT;
  if (baseUrl === "" || model === "") return NOTHING;
  const tiers = Object.fromEntries(
    ["HIGH", "MID", "LOW"].map((tier) => [`CUSTOM_OPENAI_MODEL_${tier}`, model]),
  );
  const values = (key: string) => ({
    CUSTOM_OPENAI_BASE_URL: baseUrl,
    CUSTOM_OPENAI_API_KEY: key,
    ...tiers,
  });
  return untilItWorks(
    deps,
    "Its key (any word where it wants none; Enter leaves the server out): ",
    values,
    checkModels,
  );
}

/** The bot's token. What is wrong with its intents and servers is told, and does not keep it from being taken. */
export async function chooseDiscord(deps: StepDeps): Promise<Answers> {
  deps.machine.output.write(
    "\nDiscord: make an application at https://discord.com/developers/applications, page Bot: Reset Token, and switch on Message Content.\n",
  );
  const question = "The bot's token (not shown while you type; Enter: not now): ";
  return untilItWorks(deps, question, (token) => ({ DISCORD_BOT_TOKEN: token }), checkDiscordRoom);
}

/** What she may spend. */
export async function chooseBudget({ ask, machine }: StepDeps): Promise<Answers> {
  const typed = await ask("\nDollars that she may spend a day, in all (Enter: no limit): ");
  if (typed === null) return LEFT;
  if (typed === "") return NOTHING;
  const values = { CLARA_BUDGET_TOTAL_USD: typed.replace(/^\$/, "") };
  if (configWith(machine, values) !== null) return { kind: "set", values };
  machine.output.write("That is no amount, such as 2.50.");
  return chooseBudget({ ask, machine } as StepDeps);
}

type Checks = (deps: ModelsDeps, config: Config) => readonly Check[];

async function untilItWorks(
  deps: StepDeps,
  question: string,
  toValues: (typed: string) => Readonly<Record<string, string>>,
  checks: Checks,
): Promise<Answers> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const typed = await deps.ask(question, { isSecret: true });
    if (typed === null) return LEFT;
    if (typed === "") return NOTHING;
    const values = toValues(typed);
    if (await works(deps, values, checks)) return { kind: "set", values };
  }
  deps.machine.output.write("It is left out for now; run this again when you have another one.\n");
  return NOTHING;
}

/** Says what was found. False when the first thing that was looked at is broken: the key itself. */
async function works(
  deps: StepDeps,
  values: Readonly<Record<string, string>>,
  checks: Checks,
): Promise<boolean> {
  const { machine } = deps;
  const config = configWith(machine, values);
  if (config === null) {
    machine.output.write("That does not look like one: copy it once more.\n");
    return false;
  }
  const found = await runChecks(checks({ ...deps, log: silentLog }, config), CHECK_TIMEOUT_MS);
  const clean = createSecretFilter(() => Object.values(values)).whole;
  machine.output.write(clean(toText(found)));
  return isFine(found[0]);
}

const isFine = (first: Diagnosis | undefined): boolean =>
  first !== undefined && first.verdict !== "broken";

/** What is set already and says where something is: a house behind a proxy of its own. */
const ADDRESSES = ["CLARA_DATA_DIR", "DISCORD_API_BASE", "ANTHROPIC_BASE_URL"];

/** As if it were set, with nothing else besides; null when it cannot be. */
function configWith({ env }: Machine, values: Readonly<Record<string, string>>): Config | null {
  try {
    const there = ADDRESSES.map((name) => [name, env[name]] as const);
    return loadConfig({ ...Object.fromEntries(there), ...values });
  } catch {
    return null; // ConfigError, and nothing else: what was typed cannot be such a value.
  }
}
