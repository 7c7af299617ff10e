import type { Value } from "../soap/value.ts";
import type { XmlNode } from "../soap/xml-node.ts";
import { customers } from "./customers.ts";
import { BookFault } from "./fault.ts";
import { products, stock } from "./goods.ts";
import { loyalty } from "./loyalty.ts";
import { saleDocuments } from "./sale-documents.ts";
import type { Books } from "./state.ts";

interface Clock {
  readonly now: () => Date;
}

type Handler = (books: Books, request: XmlNode, at: { readonly now: () => string }) => Value;

const SERVICES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  ISaleDocumentService: saleDocuments,
  ICustomerWcfService: customers,
  IItemInventoryWcfService: stock,
  ILoyaltyWcfService: loyalty,
  ICbrBasicWebServiceInterface: { HelloWorld: hello },
};

/** What one method answers from the books, or changes in them; null for nothing. Throws BookFault. */
export function answerFrom(
  { books, clock }: { readonly books: Books; readonly clock: Clock },
  { contract, method }: { readonly contract: string; readonly method: string },
  request: XmlNode,
): Value {
  const service = SERVICES[contract] ?? {};
  const key = Object.hasOwn(service, method) ? service[method] : undefined;
  const handler = key ?? products[`${contract}/${method}`];
  if (!handler) throw new BookFault("ActionNotSupported: no such method");
  return handler(books, request, { now: () => clock.now().toISOString().slice(0, 19) });
}

function hello(_: Books, request: XmlNode, { now }: { readonly now: () => string }): Value {
  const text = request.children.find(({ name }) => name === "text")?.text ?? "";
  return [
    `Now : ${now()}`,
    `InputText : ${text}`,
    "CurrentCulture : fr-FR",
    "CBR Version : 20.0.12",
  ].join("\n");
}
