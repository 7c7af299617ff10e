import { MessageFlags } from "discord-api-types/v10";

import { isObject, objects, textOf } from "../forms/form.ts";
import { withoutCode } from "./mentions.ts";
import type { Message } from "./model.ts";
import { can } from "./permissions.ts";
import type { World } from "./world.ts";

/**
 * Writes down the addresses that Discord would fetch for a preview; nothing is fetched here.
 * That fetch can carry data out, so tests look at this list.
 */
export function noteUnfurls(world: World, message: Message): void {
  const channel = world.channel(message.channelId);
  const isSuppressed = (message.flags & MessageFlags.SuppressEmbeds) !== 0;
  const mayEmbed = can(world, message.author.id, channel, "EmbedLinks");
  const linked = isSuppressed || !mayEmbed ? [] : linksIn(message.content);
  const known = new Set(
    world.unfurled.filter(({ messageId }) => messageId === message.id).map(({ url }) => url),
  );
  for (const url of [...linked, ...mediaIn(message.embeds), ...mediaIn(message.components)]) {
    if (known.has(url)) continue;
    known.add(url);
    world.noteUnfurl(message, url);
  }
}

// `<https://...>` is the way to write a link without a preview.
function linksIn(content: string): string[] {
  const shown = withoutCode(content).replace(/<https?:\/\/[^\s>]+>/g, " ");
  return shown.match(/https?:\/\/[^\s<>")\]]+/g) ?? [];
}

/** Pictures in embeds and components are fetched whether or not links are suppressed. */
function mediaIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mediaIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (["image", "thumbnail", "video", "media"].includes(key)) return urlsOf(inner, "url");
    if (["footer", "author"].includes(key)) return urlsOf(inner, "icon_url");
    return mediaIn(inner);
  });
}

function urlsOf(value: unknown, key: string): string[] {
  return objects([value])
    .map((object) => textOf(object[key]))
    .filter((url) => url !== undefined)
    .filter((url) => /^https?:/.test(url));
}
