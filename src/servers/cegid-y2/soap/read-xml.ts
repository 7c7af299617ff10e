import sax from "sax";
import type { XmlNode } from "./xml-node.ts";

/** Answers of Y2 are about ten deep. */
const MAX_DEPTH = 64;
const MAX_NODES = 400_000;

/** The text is no XML that we would read. Its words are for the log. */
class WrongXml extends Error {
  override readonly name = "WrongXml";
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: XmlNode[];
}

/**
 * The root element. Throws WrongXml for what is not well-formed, too deep or too much, and for every document type:
 * SOAP has none, and entities of one's own are declared nowhere else. The parser knows the five of XML only.
 */
export function readXml(text: string): XmlNode {
  const options = { strictEntities: true, position: false };
  const parser = sax.parser(true, options);
  const top: Open = { name: "", text: "", children: [] };
  const open: Open[] = [top];
  let nodes = 0;

  const add = (more: string): void => {
    const last = open.at(-1);
    if (last) last.text += more;
  };
  parser.onerror = (error) => {
    throw new WrongXml(error.message.split("\n")[0] ?? "not well-formed");
  };
  parser.ondoctype = () => {
    throw new WrongXml("a document type is not read");
  };
  parser.onopentag = ({ name }) => {
    nodes += 1;
    if (nodes > MAX_NODES) throw new WrongXml(`more than ${MAX_NODES} elements`);
    if (open.length > MAX_DEPTH) throw new WrongXml(`deeper than ${MAX_DEPTH} elements`);
    open.push({ name: localName(name), text: "", children: [] });
  };
  parser.ontext = add;
  parser.oncdata = add;
  parser.onclosetag = () => {
    const closed = open.pop();
    if (closed) open.at(-1)?.children.push(closed);
  };
  parser.write(text).close();
  const [root, ...others] = top.children;
  if (root === undefined || others.length > 0) throw new WrongXml("not one root element");
  return root;
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);
