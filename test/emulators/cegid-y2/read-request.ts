import { parseDocument } from "htmlparser2";
import type { XmlNode } from "../../../src/servers/cegid-y2/soap/xml-node.ts";
import { METHODS } from "./methods.ts";
import { TYPES } from "./schema.ts";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const RETAIL = "http://www.cegid.fr/Retail/1.0";
const ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

export interface ReadRequest {
  /** The method's element, with what the service understood of it. */
  readonly request: XmlNode;
  /** What it would have passed over without a word: unknown, or not where it belongs. */
  readonly ignored: readonly string[];
}

interface Found {
  readonly name: string;
  readonly namespace: string;
  readonly text: string;
  readonly children: readonly Found[];
}

/** Reads an envelope as WCF does, by another parser than the server's. null when it is none. */
export function readRequest(body: string, action: string): ReadRequest | null {
  const root = parseDocument(body, { xmlMode: true }).children.map((child) => toFound(child, {}));
  const envelope = root.find((one) => one?.name === "Envelope");
  const inBody = envelope?.children.find(({ name }) => name === "Body");
  const method = inBody?.children[0];
  const shape = METHODS[action];
  if (envelope?.namespace !== SOAP || !method || method.namespace !== RETAIL || !shape) return null;
  if (method.name !== action.split("/")[2]) return null;
  const ignored: string[] = [];
  const request = {
    name: method.name,
    text: "",
    children: understood(method, [shape], ignored, method.name),
  };
  return { request, ignored };
}

type Node = ReturnType<typeof parseDocument>["children"][number];

function toFound(node: Node, inherited: Readonly<Record<string, string>>): Found | null {
  if (node.type !== "tag") return null;
  const scope = { ...inherited };
  for (const [name, value] of Object.entries(node.attribs))
    if (name === "xmlns") scope[""] = value;
    else if (name.startsWith("xmlns:")) scope[name.slice(6)] = value;
  const [prefix, local] = node.name.includes(":") ? node.name.split(":") : ["", node.name];
  const text = node.children.map((child) => (child.type === "text" ? child.data : "")).join("");
  return {
    name: local ?? "",
    namespace: scope[prefix ?? ""] ?? "",
    text,
    children: node.children.flatMap((child) => toFound(child, scope) ?? []),
  };
}

/** Elements have to come in the order of the shapes; one that comes late is not seen. */
function understood(
  node: Found,
  shapes: readonly Readonly<Record<string, string>>[],
  ignored: string[],
  path: string,
): XmlNode[] {
  const order = shapes.flatMap((shape) => Object.entries(shape));
  const seen: XmlNode[] = [];
  let from = 0;
  for (const child of node.children) {
    const at = order.findIndex(([name], index) => index >= from && name === child.name);
    const here = `${path}/${child.name}`;
    if (at === -1 || child.namespace !== RETAIL) {
      ignored.push(here);
      continue;
    }
    from = at + 1;
    seen.push(toNode(child, order[at]?.[1] ?? "text", ignored, here));
  }
  return seen;
}

function toNode(child: Found, type: string, ignored: string[], path: string): XmlNode {
  const { name, text } = child;
  if (type === "text") return { name, text, children: [] };
  if (!type.endsWith("[]"))
    return { name, text: "", children: understood(child, TYPES[type] ?? [], ignored, path) };
  const each = type.slice(0, -2);
  const namespace = each === "string" ? ARRAYS : RETAIL;
  const fitting = child.children.filter((one) => one.name === each && one.namespace === namespace);
  if (fitting.length !== child.children.length) ignored.push(`${path}/*`);
  return {
    name,
    text: "",
    children: fitting.map((one) =>
      toNode(one, TYPES[each] ? each : "text", ignored, `${path}/${each}`),
    ),
  };
}
