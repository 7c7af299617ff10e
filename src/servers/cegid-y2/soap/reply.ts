import { Failure } from "../../kit/failure.ts";
import { toFault, type Fault } from "./fault.ts";
import { readXml } from "./read-xml.ts";
import { find, type XmlNode } from "./xml-node.ts";

export type SoapReply =
  | { readonly kind: "fault"; readonly fault: Fault }
  /** null: the method has nothing to tell, or found nothing. */
  | { readonly kind: "result"; readonly result: XmlNode | null };

/** What stands in the envelope. Throws SCHEMA_MISMATCH when there is none that answers this method. */
export function readReply(text: string, method: string, isVoid: boolean): SoapReply {
  const body = bodyOf(text);
  const fault = find(body, "Fault");
  if (fault) return { kind: "fault", fault: toFault(fault) };
  const response = find(body, `${method}Response`);
  if (response === null) throw noEnvelope(new Error(`No ${method}Response in the body`));
  const result = find(response, `${method}Result`);
  if (result === null && !isVoid) throw noEnvelope(new Error(`No ${method}Result in the response`));
  return { kind: "result", result };
}

/** The fault in an answer that says with its status that something is wrong; null when there is none. */
export function readFault(text: string): Fault | null {
  try {
    const fault = find(bodyOf(text), "Fault");
    return fault && toFault(fault);
  } catch {
    return null; // A page of some other program: then the status has to do.
  }
}

function bodyOf(text: string): XmlNode {
  try {
    const root = readXml(text.startsWith("\uFEFF") ? text.slice(1) : text);
    const body = root.name === "Envelope" ? find(root, "Body") : null;
    if (body) return body;
  } catch (cause) {
    throw noEnvelope(cause);
  }
  throw noEnvelope(new Error("The document is no envelope"));
}

const noEnvelope = (cause: unknown): Failure =>
  new Failure("SCHEMA_MISMATCH", "Cegid Y2 answered with something that is no answer of its own.", {
    hint: "It may be in maintenance, or CEGID_Y2_BASE_URL may be wrong. Whoever runs the server finds more in its log.",
    cause,
  });
