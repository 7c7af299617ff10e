import { render } from "dom-serializer";
import { Element, Text, type ChildNode } from "domhandler";
import { Failure } from "../../kit/failure.ts";
import { inOrder, isThere, type Value } from "./value.ts";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const RETAIL = "http://www.cegid.fr/Retail/1.0";
/** https://www.w3.org/TR/xml/#charsets; they could not be sent even if they were escaped. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** A SOAP 1.1 envelope. Parameters stay in their order; what is in them is put in order. */
export function writeEnvelope(
  method: string,
  parameters: readonly (readonly [string, Value])[],
): string {
  const there = parameters.filter(([, value]) => isThere(value));
  const operation = new Element(
    method,
    { xmlns: RETAIL },
    there.map(([name, value]) => toElement(name, value)),
  );
  const body = new Element("s:Body", {}, [operation]);
  const envelope = new Element("s:Envelope", { "xmlns:s": SOAP }, [body]);
  return `<?xml version="1.0" encoding="utf-8"?>${render(envelope, { xmlMode: true, encodeEntities: "utf8" })}`;
}

function toElement(name: string, value: Value): Element {
  if (typeof value !== "object" || value === null) return new Element(name, {}, toText(value));
  if (value.kind === "fields")
    return new Element(
      name,
      {},
      inOrder(value).map(([field, inner]) => toElement(field, inner)),
    );
  const { each, values, namespace } = value;
  const prefix = namespace === null ? "" : "a:";
  return new Element(
    name,
    namespace === null ? {} : { "xmlns:a": namespace },
    values.map((inner) => toElement(`${prefix}${each}`, inner)),
  );
}

function toText(value: string | boolean | null | undefined): ChildNode[] {
  const text = String(value ?? "");
  if (NOT_XML.test(text))
    throw new Failure("INVALID_ARGUMENT", "A text holds a control character or half a character.", {
      hint: "Leave it out: Cegid Y2 cannot be sent such characters.",
    });
  return text === "" ? [] : [new Text(text)];
}
