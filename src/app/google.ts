import { randomBytes, randomUUID } from "node:crypto";
import type { Config } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import type { GoogleConnection, GoogleSignIn } from "../core/google.ts";
import type { SafeFetch } from "../core/net.ts";
import type { Tool } from "../core/tool.ts";
import { pause } from "../lib/pause.ts";
import type { Store } from "../store/index.ts";
import { createAccessTokens } from "../tools/google/access-tokens.ts";
import { createAccounts } from "../tools/google/account.ts";
import { googleTools } from "../tools/google/all.ts";
import { createConnection } from "../tools/google/connection.ts";
import { createOAuth } from "../tools/google/oauth.ts";
import { GOOGLE } from "../tools/google/services.ts";

const SECRET_BYTES = 32;

export interface Google {
  readonly connection: GoogleConnection & GoogleSignIn;
  readonly tools: readonly Tool[];
  readonly page: { readonly isSecure: boolean; readonly googleOrigin: string };
}

/** People's own Google; null where the operator has not set it up. */
export function openGoogle(
  { google: settings, context }: Pick<Config, "google" | "context">,
  {
    secrets,
    settings: own,
    googleLinks: links,
    locks,
  }: Pick<Store, "secrets" | "settings" | "googleLinks" | "locks">,
  { fetch, random }: { readonly fetch: SafeFetch; readonly random: () => number },
): Google | null {
  if (!settings.isOn) return null;
  const clock = systemClock;
  const deps = { fetch, pause, random };
  const accounts = createAccounts({ secrets, locks, createId: randomUUID, pause });
  const oauth = createOAuth(deps, settings, GOOGLE);
  const createSecret = () => randomBytes(SECRET_BYTES).toString("base64url");
  const connection = createConnection(
    { accounts, oauth, links, clock, createSecret },
    settings.startUrl,
  );
  const zoneOf: Parameters<typeof googleTools>[0]["zoneOf"] = async (scope) =>
    (await own.zone(scope)) ?? context.timeZone;
  const accessToken = createAccessTokens({ accounts, oauth, clock });
  return {
    connection,
    tools: googleTools(
      { ...deps, accounts, accessToken, hosts: GOOGLE, zoneOf, clock },
      connection,
    ),
    page: {
      isSecure: settings.redirectUri.startsWith("https:"),
      googleOrigin: new URL(GOOGLE.authorizeUrl).origin,
    },
  };
}
