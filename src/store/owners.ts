import type { SecretOwner } from "../core/secrets.ts";
import { guildId, userId } from "../core/ids.ts";

/** How an owner is written in a row: `operator`, `guild:discord:1`, `person:discord:2`. */
export function ownerKey(owner: SecretOwner): string {
  switch (owner.kind) {
    case "operator":
      return "operator";
    case "guild":
      return `guild:${owner.guildId}`;
    case "person":
      return `person:${owner.userId}`;
  }
}

/** The reverse. Throws for what ownerKey() does not write. */
export function toOwner(key: string): SecretOwner {
  if (key === "operator") return { kind: "operator" };
  const [, kind, id] = /^(guild|person):(.+)$/s.exec(key) ?? [];
  if (id === undefined) throw new Error(`${key} is not an owner`);
  return kind === "guild" ? { kind, guildId: guildId(id) } : { kind: "person", userId: userId(id) };
}
