import { ComponentType } from "discord-api-types/v10";

import { flatten } from "../forms/component-form.ts";
import { objects, textOf } from "../forms/form.ts";
import { addressOf } from "../payloads/message.ts";
import type { Message, ShownButton, ShownFile } from "./model.ts";
import type { World } from "./world.ts";

/** The buttons that a person sees under a message, links included. */
export function buttonsIn(components: readonly unknown[]): ShownButton[] {
  return objects(components)
    .flatMap(flatten)
    .filter(({ type }) => type === ComponentType.Button)
    .map((button) => ({
      label: textOf(button["label"]) ?? "",
      customId: textOf(button["custom_id"]) ?? null,
      disabled: button["disabled"] === true,
    }));
}

/** What a person reads of a message laid out by components: all of its texts, one below the other. */
export const textsIn = (components: readonly unknown[]): string =>
  objects(components)
    .flatMap(flatten)
    .filter(({ type }) => type === ComponentType.TextDisplay)
    .map(({ content }) => textOf(content) ?? "")
    .join("\n");

/** The files that hang on a message, as a person who opens them sees them. */
export function filesOf(
  world: World,
  { attachments, channelId }: Pick<Message, "attachments" | "channelId">,
): ShownFile[] {
  return attachments.map((file) => {
    const bytes = world.uploads.get(file.id)?.bytes ?? new Uint8Array();
    const text = Buffer.from(bytes).toString("utf8");
    return { name: file.filename, url: addressOf(world, channelId, file), bytes, text };
  });
}
