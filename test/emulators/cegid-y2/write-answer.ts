import { inOrder, type Value } from "../../../src/servers/cegid-y2/soap/value.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** As WCF writes: a prefix for the envelope, the retail namespace as the default one. */
export const toAnswer = (method: string, result: Value, isVoid: boolean): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><${method}Response xmlns="http://www.cegid.fr/Retail/1.0">${
    isVoid
      ? ""
      : element(
          `${method}Result`,
          result,
          ' xmlns:a="http://www.cegid.fr/Retail/1.0" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"',
        )
  }</${method}Response></s:Body></s:Envelope>`;

function element(name: string, value: Value, attributes = ""): string {
  if (value === null || value === undefined) return `<${name}${attributes} i:nil="true"/>`;
  if (typeof value !== "object") return `<${name}${attributes}>${escaped(String(value))}</${name}>`;
  const inner =
    value.kind === "fields"
      ? inOrder(value).map(([field, one]) => element(field, one))
      : value.values.map((one) => element(value.each, one));
  return `<${name}${attributes}>${inner.join("\n")}</${name}>`;
}

/** A business error, wrapped as deep as Y2 wraps it. */
export function toFaultAnswer(
  message: string,
  members: readonly string[],
  trackingId: string,
): string {
  if (message.startsWith("ActionNotSupported"))
    return envelope("a:ActionNotSupported", message, "");
  const detail =
    members.length > 0
      ? `<BusinessFaultDetail xmlns="http://www.cegid.fr/fault"><Cause/><Description>Validation</Description><Id>CBR_002</Id><Message>${escaped(message)}</Message><MemberNames>${members.map((name) => `<string>${name}</string>`).join("")}</MemberNames></BusinessFaultDetail>`
      : `<CbpExceptionDetail xmlns="http://www.cegid.fr/fault"><HelpLink/><InnerException><HelpLink/><InnerException><InnerException/><Message>${escaped(message)}</Message><StackTrace>at Cegid.Retail.Secret.Internals()</StackTrace><Type>Cegid.Retail.Tools.Resources.Biz001Exception</Type></InnerException><Message>The call failed</Message><Type>System.Exception</Type></InnerException><Message>Remote call failed</Message><TrackingId>${trackingId}</TrackingId><Id>CBR_001_0003</Id><ToDo/></CbpExceptionDetail>`;
  return envelope("a:CBR_001_0003", `Remote call failed: Code = (WP006)`, detail);
}

const envelope = (code: string, words: string, detail: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode xmlns:a="http://www.cegid.fr/fault">${code}</faultcode><faultstring xml:lang="en">${escaped(words)}</faultstring><detail>${detail}</detail></s:Fault></s:Body></s:Envelope>`;
