import { z } from "zod";
import type { ConversationId } from "../core/ids.ts";
import { conversationId, guildId, userId } from "../core/ids.ts";
import type { Audience, Principal } from "../core/principal.ts";

/** A principal as a JSON column holds it: permission bits do not fit a JSON number. */
const stored = z.object({
  platform: z.enum(["discord", "web", "terminal"]),
  userId: z.string().transform(userId),
  displayName: z.string(),
  guildId: z.string().transform(guildId).nullable(),
  roleIds: z.array(z.string()),
  permissions: z.string().transform(BigInt),
  via: z.enum(["message", "command", "component", "playground", "terminal", "job"]),
});

export type StoredPrincipal = z.input<typeof stored>;

export const toStored = (principal: Principal): StoredPrincipal => ({
  ...principal,
  roleIds: [...principal.roleIds],
  permissions: principal.permissions.toString(),
});

export const fromStored = (value: unknown): Principal => stored.parse(value);

/** The audience of a row, from its key and what else the row knows. Throws for a key that nobody writes. */
export function audienceOf(
  key: string,
  place: { readonly conversationId: string; readonly guildId: string | null },
): Audience {
  const [kind, rest] = [key.slice(0, key.indexOf(":")), key.slice(key.indexOf(":") + 1)];
  switch (kind) {
    case "private":
      return { kind, userId: userId(rest) };
    case "channel": {
      const id: ConversationId = conversationId(rest);
      return {
        kind,
        conversationId: id,
        guildId: place.guildId === null ? null : guildId(place.guildId),
      };
    }
    case "guild":
      return { kind, guildId: guildId(rest) };
    default:
      throw new Error(`Not an audience: ${key}`);
  }
}
