import { createHash } from "node:crypto";
import type { McpServer } from "../core/mcp.ts";

/** Of OpenAI; Anthropic and others take these, too. https://platform.openai.com/docs/api-reference/chat/create */
const MAX_OFFERED_CHARS = 64;
const NOT_ALLOWED = /[^a-zA-Z0-9_-]/g;
const MARK_CHARS = 6;

/**
 * The name under which models are told of a tool: `{server}__{tool}`, within every provider's rules. Where that would be
 * too long, be spelt otherwise than the tool, or is taken (capitals count for nothing), it ends with a mark that is made
 * of server and tool: the same every time.
 */
export function offeredNameOf(
  { id, name: serverName }: Pick<McpServer, "id" | "name">,
  tool: string,
  isTaken: (offeredName: string) => boolean,
): string {
  const spelt = tool.normalize("NFKC").replace(NOT_ALLOWED, "_");
  const plain = `${serverName}__${spelt}`;
  if (spelt === tool && plain.length <= MAX_OFFERED_CHARS && !isTaken(plain)) return plain;
  const mark = createHash("sha256").update(`${id}\0${tool}`).digest("hex").slice(0, MARK_CHARS);
  return `${plain.slice(0, MAX_OFFERED_CHARS - MARK_CHARS - 1)}_${mark}`;
}

/** Letters of other scripts, and figures, that look like a Latin letter. https://www.unicode.org/reports/tr39/#confusables */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: "аɑα",
    b: "ЬВβ",
    c: "сϲ",
    d: "ԁ",
    e: "еєε",
    g: "ɡ",
    h: "һн",
    i: "іι1l|ıӏ",
    j: "јϳ",
    k: "кκ",
    m: "м",
    n: "пη",
    o: "о0οσ",
    p: "рρ",
    q: "ԛ",
    s: "ѕ5",
    t: "тτ",
    u: "υц",
    v: "ѵν",
    w: "ԝω",
    x: "хχ",
    y: "уγ",
    z: "2ᴢ",
  }).flatMap(([letter, others]) =>
    Array.from(others.toLowerCase()).map((other) => [other, letter]),
  ),
);

/** What a name looks like at a glance: two names with the same skeleton are easily taken for one another. */
export const skeletonOf = (name: string): string =>
  Array.from(name.normalize("NFKD").toLowerCase())
    .map((letter) => LOOK_ALIKES.get(letter) ?? letter)
    .join("")
    .replace(/rn/g, "m")
    .replace(/vv/g, "w")
    .replace(/[^\p{L}\p{N}]/gu, "");
