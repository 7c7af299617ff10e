import { Parser } from "htmlparser2";
import { refuse } from "./refuse.ts";

const MAX_DEPTH = 200;
const CHUNK_BYTES = 64 * 1_024;

/** Attributes by their local names: `r:id` is `id`. */
export type Attributes = Readonly<Record<string, string>>;

export interface XmlReader {
  /** Local names: `w:p` is `p`. */
  readonly open: (name: string, attributes: Attributes) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/**
 * Goes through a document piece by piece. Entities that the document defines itself are never unfolded, and nothing is
 * ever fetched: the parser knows neither.
 */
export function readXml(bytes: Uint8Array, reader: XmlReader): void {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth++;
        if (depth > MAX_DEPTH) refuse("it is nested too deeply");
        reader.open(localName(name), byLocalName(attributes));
      },
      ontext: (text) => reader.text?.(text),
      onclosetag(name) {
        depth--;
        reader.close?.(localName(name));
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  const decoder = new TextDecoder(encodingOf(bytes));
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES)
    parser.write(decoder.decode(bytes.subarray(from, from + CHUNK_BYTES), { stream: true }));
  parser.end(decoder.decode());
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

const byLocalName = (attributes: Attributes): Attributes => {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(attributes)) found[localName(name)] = value;
  return found;
};

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
