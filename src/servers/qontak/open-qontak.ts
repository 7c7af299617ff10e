import { loadHttpSettings } from "../kit/http/http-settings.ts";
import type { ServerMachine } from "../kit/machine.ts";
import { openKit } from "../kit/open-kit.ts";
import type { OpenServer } from "../kit/serve.ts";
import { secretsOf } from "../kit/tokens/token-store.ts";
import { bearerOf } from "../kit/upstream/bearer.ts";
import type { Upstream } from "../kit/upstream/client.ts";
import { createQontakApi } from "./api/client.ts";
import { signedOrBearer } from "./api/hmac.ts";
import { judgeQontak } from "./api/judge.ts";
import { createSignIn, isRenewable } from "./api/sign-in.ts";
import { describeQontak } from "./definition.ts";
import { createPipelines } from "./pipelines.ts";
import { loadQontakSettings, type QontakSettings } from "./settings.ts";
import { createTemplates } from "./templates/templates.ts";

/** Renewed so long before they end. */
const EARLY_MS = 300_000;

/** The server of Qontak, put together. Throws WrongSettings. */
export async function openQontak(
  machine: ServerMachine,
  { isDemo }: { readonly isDemo: boolean },
): Promise<OpenServer> {
  if (!isDemo) return openWith(machine, loadQontakSettings(machine.env));
  const { demoFetch, demoSettings } = await import("./demo/demo.ts");
  return openWith({ ...machine, fetch: demoFetch(machine) }, demoSettings(machine.env));
}

async function openWith(machine: ServerMachine, settings: QontakSettings): Promise<OpenServer> {
  const kit = await openKit(machine, settings.kit, {
    server: "qontak",
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
    authorizer: signedOrBearer({ keeper, clock: machine.clock, bearer: bearerOf(keeper) }),
    judge: judgeQontak,
  });
  const api = createQontakApi({ upstream, cache: kit.cache, keeper }, settings.baseUrl);
  const deps = { api, templates: createTemplates(api), pipelines: createPipelines(api) };
  const health = async () => [
    {
      name: "qontak",
      isWell: !upstream.isOpen(),
      words: upstream.isOpen() ? "does not answer" : "answers, or was not asked yet",
    },
  ];
  return {
    kit,
    definition: describeQontak(deps, { ...machine, ...settings }, health),
    loadHttp: () => loadHttpSettings(machine.env, "QONTAK"),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}
