import { loadHttpSettings } from "../kit/http/http-settings.ts";
import type { ServerMachine } from "../kit/machine.ts";
import { openKit, type Kit } from "../kit/open-kit.ts";
import type { OpenServer } from "../kit/serve.ts";
import { bearerOf } from "../kit/upstream/bearer.ts";
import type { Upstream } from "../kit/upstream/client.ts";
import { basicOf } from "./api/credentials.ts";
import { judgeY2 } from "./api/judge.ts";
import { createRestClient, NO_REST } from "./api/rest-client.ts";
import { createSignIn, isRenewable } from "./api/sign-in.ts";
import { createSoapClient } from "./api/soap-client.ts";
import type { Y2, Y2Rest } from "./api/y2.ts";
import { describeCegidY2 } from "./definition.ts";
import { openDemo } from "./demo/open-demo.ts";
import { loadCegidSettings, type CegidSettings } from "./settings.ts";

/** Tokens of the JSON services are renewed so long before they end. */
const EARLY_MS = 60_000;
const DEMO_STORE = "FFO001";

/** The server of Cegid Y2, put together. Throws WrongSettings. */
export async function openCegidY2(
  given: ServerMachine,
  { isDemo }: { readonly isDemo: boolean },
): Promise<OpenServer> {
  const machine = isDemo ? { ...given, env: demoEnv(given.env) } : given;
  const settings = loadCegidSettings(machine.env);
  const kit = await openKit(machine, settings.kit, {
    server: "cegid-y2",
    ttlSeconds: settings.ttlSeconds,
    secrets: Object.entries(settings.seed?.secrets ?? {}).flatMap(([name, secret]) =>
      name === "password" ? [secret] : [],
    ),
  });
  const { y2, rest, isDown } = isDemo ? openDemo(machine) : real(machine, kit, settings);
  const deps = {
    y2,
    rest,
    clock: machine.clock,
    zone: settings.zone,
    createId: machine.createId,
    defaultStoreId: settings.defaultStoreId ?? (isDemo ? DEMO_STORE : null),
    allowsWrites: settings.allowsWrites || isDemo,
  };
  const health = async () => [
    {
      name: "cegid-y2",
      isWell: !isDown(),
      words: isDown() ? "does not answer" : "answers, or was not asked yet",
    },
  ];
  return {
    kit,
    definition: describeCegidY2(deps, machine.version, health),
    loadHttp: () => loadHttpSettings(machine.env, "CEGID_Y2"),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}

/** Nothing of an account. How callers sign in stays; where nothing is said, they need not: there is nothing to protect. */
function demoEnv(env: ServerMachine["env"]): ServerMachine["env"] {
  const set = Object.entries(env).filter(([name]) =>
    /^(?:CEGID_Y2_)?(?:HTTP|JWT|OAUTH_ISSUER|LOG_LEVEL)/.test(name),
  );
  const saysHow = set.some(([name]) => !name.endsWith("LOG_LEVEL"));
  return { ...Object.fromEntries(set), ...(saysHow ? {} : { CEGID_Y2_HTTP_AUTH: "off" }) };
}

interface Services {
  readonly y2: Y2;
  readonly rest: Y2Rest;
  readonly isDown: () => boolean;
}

function real(machine: ServerMachine, kit: Kit, settings: CegidSettings): Services {
  const keeper = kit.createKeeper({
    seed: settings.seed,
    isRenewable,
    refresh: createSignIn({ upstream: () => json, clock: machine.clock }, settings),
    earlyMs: EARLY_MS,
  });
  const basic = basicOf(keeper, settings, kit.redact.learn);
  const soap = kit.createUpstream({ authorizer: basic, judge: judgeY2 });
  const json: Upstream = kit.createUpstream({
    authorizer: settings.rest.auth === "oauth" ? bearerOf(keeper) : basic,
  });
  const parts = { cache: kit.cache, keeper };
  return {
    y2: createSoapClient({ ...parts, upstream: soap }, settings),
    rest:
      settings.rest.auth === "off"
        ? NO_REST
        : createRestClient({ ...parts, upstream: json }, settings),
    isDown: soap.isOpen,
  };
}
