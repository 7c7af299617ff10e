import type { GuildAccess, GuildPlace } from "../core/guild-access.ts";
import type { Principal } from "../core/principal.ts";

/** As many as help a person to say which. */
const MAX_NAMED = 8;

export type FoundPlace =
  | { readonly kind: "found"; readonly place: GuildPlace }
  /** `why` says it, also which ones are meant perhaps. */
  | { readonly kind: "unclear"; readonly why: string };

/** The channel or thread that is meant, by id, mention or name, among those that the person may see. */
export async function findPlace(
  access: GuildAccess,
  who: Principal,
  said: string,
  signal: AbortSignal,
): Promise<FoundPlace> {
  if (who.guildId === null) return unclear("This works in servers only.");
  const standing = await access.standing(who, signal);
  if (!standing) return unclear("You are not a member of this server.");
  const wanted = said.trim().replace(/^<#(\d+)>$/, "$1");
  const name = wanted.replace(/^#/, "").toLowerCase();
  const byId = standing.places.find(({ conversation }) => conversation.channelId === wanted);
  const named = standing.places.filter((place) => place.name.toLowerCase() === name);
  const [only, ...more] = byId ? [byId] : named;
  // The same words for what is not there and for what he may not see.
  if (!only) return unclear(`There is no channel "${said}" that you can see.`);
  if (more.length > 0) {
    const ids = named.slice(0, MAX_NAMED).map(({ conversation }) => conversation.channelId);
    return unclear(
      `There are ${named.length} channels of that name: ${ids.join(", ")}. Which one is meant?`,
    );
  }
  return { kind: "found", place: only };
}

const unclear = (why: string): FoundPlace => ({ kind: "unclear", why });
