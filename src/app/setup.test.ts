import { expect, test } from "vitest";
import { openEmbeddedStore } from "../../test/open-test-store.ts";
import { scriptedModel, say } from "../../test/scripted-model.ts";
import { loadConfig } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import { ModelError, type Model, type Models } from "../core/model.ts";
import { createSetup, readEntered, withEntered, type Entered } from "./setup.ts";

const ALIVE = new AbortController().signal;
const modelsOf = (model: Model): Models => ({
  byTier: () => model,
  defaultTier: "mid",
  autoTier: false,
});

/** A house whose models are this one, whatever is entered. */
async function openSetup(model: Model, env: Entered = {}) {
  const store = await openEmbeddedStore();
  const switched: Models[] = [];
  const configure = (entered: Entered) => loadConfig({ ...entered, ...env });
  const setup = createSetup(
    {
      secrets: store.secrets,
      clock: systemClock,
      log: silentLog,
      configure,
      buildModels: async () => modelsOf(model),
      switchTo: (models) => switched.push(models),
    },
    loadConfig(env),
  );
  return { setup, store, switched, configure };
}

const refusing: Model = {
  name: "refusing",
  contextTokens: 1_000,
  // oxlint-disable-next-line require-yield -- It fails before its first word.
  async *stream() {
    throw new ModelError("401 key sk-secret", { kind: "auth", provider: "openrouter" });
  },
};

test("a key that works is kept, in use at once, and there after the next start", async () => {
  const { setup, store, switched, configure } = await openSetup(scriptedModel([say("ok")]));
  await using _ = store;
  expect(setup.isDemo()).toBe(true);

  const entered = await setup.enterKey("OPENROUTER_API_KEY", " sk-or-1 ", ALIVE);

  expect(entered).toMatchObject({ kind: "works" });
  expect(switched).toHaveLength(1);
  expect(setup.isDemo()).toBe(false);
  const again = withEntered(
    { configure, log: silentLog },
    loadConfig({}),
    await readEntered(store.secrets, silentLog),
  );
  expect(again.models.providers[0]).toMatchObject({ name: "openrouter", apiKey: "sk-or-1" });
});

test("a key that the provider refuses is not kept, and the words hold no piece of it", async () => {
  const { setup, store, switched } = await openSetup(refusing);
  await using _ = store;

  const entered = await setup.enterKey("OPENROUTER_API_KEY", "sk-secret", ALIVE);

  expect(entered).toEqual({
    kind: "refused",
    words: "The provider does not accept the key. Make a new one and set it again.",
  });
  expect(switched).toEqual([]);
  expect(await readEntered(store.secrets, silentLog)).toEqual({});
});

test("of two keys that were entered, the newer one's provider answers", async () => {
  const { setup, store, configure } = await openSetup(scriptedModel([say("ok"), say("ok")]));
  await using _ = store;

  await setup.enterKey("OPENROUTER_API_KEY", "sk-or-1", ALIVE);
  await setup.enterKey("ANTHROPIC_API_KEY", "sk-ant-1", ALIVE);

  const { models } = configure(await readEntered(store.secrets, silentLog));
  expect(models.providers[0]).toMatchObject({ kind: "anthropic", apiKey: "sk-ant-1" });
});

test("what does not go with the environment is refused, and never stops a start", async () => {
  const env = { LLM_PROVIDER: "nanogpt", NANOGPT_API_KEY: "n" };
  const { setup, store, configure } = await openSetup(scriptedModel([say("ok")]), env);
  await using _ = store;

  expect(await setup.enterKey("OPENROUTER_API_KEY", "with blank", ALIVE)).toMatchObject({
    kind: "refused",
    words: expect.stringMatching(/OPENROUTER_API_KEY holds white space/),
  });
  const given = loadConfig(env);
  expect(withEntered({ configure, log: silentLog }, given, { LOG_LEVEL: "loud" })).toBe(given);
});

test("only the key of a provider can be entered", async () => {
  const { setup, store } = await openSetup(scriptedModel([]));
  await using _ = store;

  expect(await setup.enterKey("DATABASE_URL", "postgres://", ALIVE)).toMatchObject({
    kind: "refused",
  });
});
