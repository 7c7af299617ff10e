import { ApplicationFlags, PermissionFlagsBits } from "discord-api-types/v10";
import { z } from "zod";
import { authoriseUrl, NEEDED_BITS, NEEDED_RIGHTS } from "./needed-rights.ts";
import { toPlain } from "./plain.ts";

export const discordApiBase = "https://discord.com/api";
/** One page; Discord gives no more at once. A bot in more servers is looked at in part. */
const MAX_SERVERS = 200;

export type DiscordCheck =
  | { readonly kind: "token-refused" }
  | {
      readonly kind: "known";
      readonly botName: string;
      readonly applicationId: string;
      /** Whether the Message Content intent is switched on in the developer portal. */
      readonly messageContent: boolean;
      /** At most MAX_SERVERS. */
      readonly servers: readonly ServerCheck[];
      /** Brings her into a server with the permissions that she needs. */
      readonly inviteUrl: string;
    };

export interface ServerCheck {
  readonly id: string;
  readonly name: string;
  /** In Discord's words. What single channels forbid is not looked at. */
  readonly missing: readonly string[];
}

export interface CheckOptions {
  readonly token: string;
  /** null: Discord's own. */
  readonly apiBase: string | null;
}

const user = z.object({ username: z.string() });
const application = z.object({ id: z.string(), flags: z.number().catch(0) });
const guilds = z.array(
  z.object({ id: z.string(), name: z.string(), permissions: z.string().regex(/^\d+$/) }),
);

/** Asks Discord who the token belongs to, and what it may do where. Throws when Discord cannot be asked. */
export async function checkDiscord(
  { fetch }: { readonly fetch: typeof globalThis.fetch },
  { token, apiBase }: CheckOptions,
  signal: AbortSignal,
): Promise<DiscordCheck> {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${apiBase ?? discordApiBase}/v10${path}`, {
      headers: { authorization: `Bot ${token}` },
      redirect: "manual",
      signal,
    });
    if (response.status === 401) throw new TokenRefused();
    if (!response.ok) throw new Error(`Discord answered ${response.status} to GET ${path}`);
    return response.json();
  };
  try {
    const [self, app, joined] = await Promise.all([
      get("/users/@me"),
      get("/applications/@me"),
      get(`/users/@me/guilds?limit=${MAX_SERVERS}`),
    ]);
    const { id, flags } = application.parse(app);
    return {
      kind: "known",
      botName: toPlain(user.parse(self).username),
      applicationId: id,
      messageContent: (flags & CONTENT_FLAGS) !== 0,
      servers: guilds.parse(joined).map(({ id, name, permissions }) => ({
        id,
        name: toPlain(name),
        missing: missingIn(BigInt(permissions)),
      })),
      inviteUrl: inviteUrl(id),
    };
  } catch (error) {
    if (error instanceof TokenRefused) return { kind: "token-refused" };
    throw error;
  }
}

class TokenRefused extends Error {}

/** Adds her to a server, with exactly the permissions that she needs. */
export const inviteUrl = (applicationId: string): string =>
  authoriseUrl({ applicationId, permissions: NEEDED_BITS, guildId: null });

/** Limited: as bots in fewer than 100 servers have it. */
const CONTENT_FLAGS =
  ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;

const missingIn = (held: bigint): readonly string[] =>
  held & PermissionFlagsBits.Administrator
    ? []
    : NEEDED_RIGHTS.filter(({ bit, isVital }) => isVital && !(held & bit)).map(({ label }) =>
        label.toLowerCase(),
      );
