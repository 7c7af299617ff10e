import { ComponentType } from "discord-api-types/v10";
import { isObject, objects, textOf } from "../fake-discord/forms/form.ts";
import type { FakeDiscord, Message } from "../fake-discord/index.ts";
import type { JsonObject } from "../fake-discord/world/model.ts";

/** A message as a person reads it: words, files, embeds, a poll, buttons in [brackets] and selects in {braces}. */
export function show(discord: FakeDiscord, message: Message): readonly string[] {
  return [
    ...words(discord, message.content),
    ...message.embeds.flatMap(({ title = "", description = "" }) =>
      words(discord, `┃ ${title}\n${description}`),
    ),
    ...message.files.map(({ name }) => `(file: ${name})`),
    ...pollLines(message.poll),
    ...rowsIn(objects(message.components)).map(rowLine),
  ];
}

/** Markdown as it is read: what Discord shows bold or small stands there plain. */
const words = (discord: FakeDiscord, text: string): readonly string[] =>
  text === ""
    ? []
    : discord
        .asRead(text)
        .split("\n")
        .map((line) =>
          line
            .replace(/^-# /, "")
            .replace(/\*\*(.+?)\*\*/g, "$1")
            .replace(/(?<!\w)\*([^*]+)\*(?!\w)/g, "$1")
            .replace(/<(https?:[^>]+)>/g, "$1")
            .trimEnd(),
        );

/** Also those within a frame; what it says is among the words. */
const rowsIn = (components: readonly JsonObject[]): readonly JsonObject[] =>
  components.flatMap((each) =>
    each["type"] === ComponentType.Container
      ? rowsIn(objects(each["components"]))
      : each["type"] === ComponentType.ActionRow
        ? [each]
        : [],
  );

const rowLine = (row: JsonObject): string => objects(row["components"]).map(controlLine).join(" ");

function controlLine(control: JsonObject): string {
  if (control["type"] === ComponentType.Button) {
    const emoji = isObject(control["emoji"]) ? `${textOf(control["emoji"]["name"]) ?? ""} ` : "";
    const link = control["url"] === undefined ? "" : " ↗";
    const off = control["disabled"] === true ? " (off)" : "";
    return `[${emoji}${textOf(control["label"]) ?? ""}${link}${off}]`;
  }
  const chosen = objects(control["options"]).find((option) => option["default"] === true);
  return `{${textOf(chosen?.["label"]) ?? textOf(control["placeholder"]) ?? ""} ▾}`;
}

function pollLines(poll: JsonObject | null): readonly string[] {
  if (poll === null) return [];
  const media = (from: unknown) => (isObject(from) ? (textOf(from["text"]) ?? "") : "");
  return [
    `📊 ${media(poll["question"])}`,
    ...objects(poll["answers"]).map((answer) => `( ) ${media(answer["poll_media"])}`),
  ];
}

/** A form that opened: its title, and its fields with what stands in them. */
export function showForm(modal: JsonObject): readonly string[] {
  const inputs = objects(modal["components"]).flatMap((row) => {
    const inner = isObject(row["component"]) ? [row["component"]] : objects(row["components"]);
    return inner.map((input) => {
      const label = textOf(row["label"]) ?? textOf(input["label"]) ?? "";
      return `${label}: ${textOf(input["value"]) ?? `(${textOf(input["placeholder"]) ?? "empty"})`}`;
    });
  });
  return [`Form: ${textOf(modal["title"]) ?? ""}`, ...inputs];
}
