import { loadHttpSettings } from "../kit/http/http-settings.ts";
import type { ServerMachine } from "../kit/machine.ts";
import { openKit } from "../kit/open-kit.ts";
import type { OpenServer } from "../kit/serve.ts";
import { secretsOf } from "../kit/tokens/token-store.ts";
import { bearerOf } from "../kit/upstream/bearer.ts";
import type { Upstream } from "../kit/upstream/client.ts";
import { createKledoApi } from "./api/client.ts";
import { judgeKledo } from "./api/judge.ts";
import { createSignIn, isRenewable } from "./api/sign-in.ts";
import { todayIn } from "./days.ts";
import { describeKledo } from "./definition.ts";
import { loadKledoSettings } from "./settings.ts";

/** Renewed so long before they end. */
const EARLY_MS = 300_000;

/** For `--demo`: opens nothing but the made-up books. */
const DEMO = { KLEDO_API_KEY: "demo-token-of-nobody-at-all" };

/** The server of Kledo, put together. Throws WrongSettings. */
export async function openKledo(
  given: ServerMachine,
  { isDemo }: { readonly isDemo: boolean },
): Promise<OpenServer> {
  const machine = isDemo ? await inDemo(given) : given;
  const settings = loadKledoSettings(machine.env);
  const kit = await openKit(machine, settings.kit, {
    server: "kledo",
    ttlSeconds: settings.ttlSeconds,
    secrets: [
      ...(settings.seed ? secretsOf(settings.seed) : []),
      ...(settings.oauth ? [settings.oauth.clientSecret] : []),
    ],
  });
  const keeper = kit.createKeeper({
    seed: settings.seed,
    isRenewable,
    refresh: createSignIn({ upstream: () => upstream, clock: machine.clock }, settings),
    earlyMs: EARLY_MS,
  });
  const upstream: Upstream = kit.createUpstream({
    authorizer: bearerOf(keeper),
    judge: judgeKledo,
  });
  const deps = {
    api: createKledoApi({ upstream, cache: kit.cache, keeper }, settings),
    cache: kit.cache,
    memory: kit.memory,
    clock: machine.clock,
    zone: settings.zone,
    maxEntries: settings.kit.cache.maxEntries,
  };
  const health = async () => [
    {
      name: "kledo",
      isWell: !upstream.isOpen(),
      words: upstream.isOpen() ? "does not answer" : "answers, or was not asked yet",
    },
  ];
  return {
    kit,
    definition: describeKledo(deps, machine.version, health, isDemo),
    loadHttp: () => loadHttpSettings(machine.env, "KLEDO"),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}

async function inDemo(machine: ServerMachine): Promise<ServerMachine> {
  const [{ createDemoFetch }, { makeBooks }] = await Promise.all([
    import("./demo/demo-fetch.ts"),
    import("./demo/make-books.ts"),
  ]);
  const env = { HOME: machine.env["HOME"], ...signIns(machine.env), ...DEMO };
  const { zone } = loadKledoSettings(env);
  return { ...machine, env, fetch: createDemoFetch(makeBooks(todayIn(machine.clock.now(), zone))) };
}

/** How callers sign in is the same in a demo; where nothing is said, they need not: there is nothing to protect. */
function signIns(env: ServerMachine["env"]): ServerMachine["env"] {
  const said = Object.entries(env).filter(
    ([name, value]) =>
      Boolean(value) &&
      /^(?:KLEDO_)?(?:HTTP_(?:HOST|API_KEYS|AUTH|ALLOWED_\w+|PUBLIC_URL)|JWT_\w+|OAUTH_ISSUER)$/.test(
        name,
      ),
  );
  const isSaid = said.some(([name]) => /API_KEYS|AUTH|JWT/.test(name));
  return { ...(isSaid ? {} : { KLEDO_HTTP_AUTH: "off" }), ...Object.fromEntries(said) };
}
