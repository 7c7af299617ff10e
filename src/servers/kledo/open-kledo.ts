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
import { describeKledo } from "./definition.ts";
import { loadKledoSettings } from "./settings.ts";

/** Renewed so long before they end. */
const EARLY_MS = 300_000;

/** The server of Kledo, put together. Throws WrongSettings. */
export async function openKledo(machine: ServerMachine): Promise<OpenServer> {
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
    definition: describeKledo(deps, machine.version, health),
    loadHttp: () => loadHttpSettings(machine.env, "KLEDO"),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}
