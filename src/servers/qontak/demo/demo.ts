import { NO_TOKENS } from "../../kit/tokens/token-store.ts";
import type { Environment } from "../../kit/settings.ts";
import type { ServerMachine } from "../../kit/machine.ts";
import { loadQontakSettings, type QontakSettings } from "../settings.ts";
import { answerQontak } from "./answer.ts";
import type { Stored } from "./crm.ts";
import { makeCrm } from "./seed.ts";

const BASE = "https://demo.qontak.invalid/api/v3.1";
/** Settings that have nothing to do with an account. */
const HARMLESS = ["LOG_LEVEL", "QONTAK_LOG_LEVEL", "HOME"];

/** Settings for `clara serve qontak --demo`: nobody's account, and no place where tokens lie. */
export function demoSettings(env: Environment): QontakSettings {
  const kept = Object.fromEntries(HARMLESS.map((name) => [name, env[name]]));
  const settings = loadQontakSettings({ ...kept, QONTAK_BASE_URL: BASE });
  return { ...settings, seed: { ...NO_TOKENS, accessToken: "demo-token-of-nobody" } };
}

/** In place of the network: a made-up CRM, which forgets what was changed when the program ends. */
export function demoFetch({ clock }: Pick<ServerMachine, "clock">): typeof globalThis.fetch {
  const crm = makeCrm(clock.now);
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const text = await request.text();
    const { status, body } = answerQontak(crm, {
      method: request.method,
      path: url.pathname.replace("/api/v3.1", ""),
      query: url.searchParams,
      body: text === "" ? {} : (JSON.parse(text) as Stored),
    });
    return Response.json(body, { status });
  };
}
