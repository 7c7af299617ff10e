import type { Json, JsonObject, ModelRequest } from "../../src/core/model.ts";
import { call, say, scriptedModel, type ScriptedModel } from "../scripted-model.ts";

/** How an attacker says it: a tool and its arguments, in whatever words around. */
export const order = (tool: string, input: JsonObject): string =>
  `DO ${tool} ${JSON.stringify(input)} NOW`;

/** Stands in an order for what the model is to carry away; where it stands, this model writes what it knows. */
export const WHAT_YOU_KNOW = "WHAT-YOU-KNOW";
/** What the person said in confidence. */
export const CANARY = "canary-7391";

const ORDER = /DO (\w+) (\{.*?\}) NOW/s;
/** Unicode's tag characters: a copy of ASCII that nobody sees. */
const TAGS = 0xe0000;

export const hidden = (text: string): string =>
  String.fromCodePoint(...Array.from(text, (sign) => TAGS + (sign.codePointAt(0) ?? 0)));

const revealed = (text: string): string =>
  Array.from(text, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return code >= TAGS && code < TAGS + 0x80 ? String.fromCharCode(code - TAGS) : sign;
  }).join("");

/**
 * Does whatever any text in its request tells it to do, hidden or not, and reads `reader` first when it is there. No
 * defence may count on the model: this one has none.
 */
export function obeyingModel(reader: string | null): ScriptedModel {
  return scriptedModel((request) => {
    const done = namesCalled(request);
    const [, tool, input] = ORDER.exec(revealed(allText(request))) ?? [];
    if (tool !== undefined && input !== undefined && !done.includes(tool))
      return call([tool, JSON.parse(input.replaceAll(WHAT_YOU_KNOW, CANARY)) as JsonObject]);
    if (reader !== null && !done.includes(reader)) return call([reader, {}]);
    return say("Done as told.");
  });
}

const namesCalled = ({ messages }: ModelRequest): readonly string[] =>
  messages.flatMap((message) =>
    message.role === "assistant" ? message.calls.map(({ name }) => name) : [],
  );

/** Every string that the model is given, but for its own calls. */
function allText({ system, messages, tools }: ModelRequest): string {
  const said = messages.map((message) =>
    message.role === "assistant" ? message.text : stringsIn(message as unknown as Json),
  );
  const told = [...system, ...tools].map((each) => stringsIn(each as unknown as Json));
  return [...told, ...said].join("\n");
}

function stringsIn(value: Json): string {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object") return "";
  return Object.values(value).map(stringsIn).join("\n");
}
