import { METHODS } from "./methods.ts";

/** As much of a description as clients look at: the contracts and the actions of a service. */
export function wsdlOf(service: string, address: string): string | null {
  const methods = Object.keys(METHODS)
    .map((key) => key.split("/"))
    .filter(([of]) => of === service);
  if (methods.length === 0) return null;
  const operations = methods.map(
    ([, contract, method]) =>
      `<wsdl:operation name="${method}"><soap:operation soapAction="http://www.cegid.fr/Retail/1.0/${contract}/${method}" style="document"/></wsdl:operation>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?><wsdl:definitions name="${service}" targetNamespace="http://www.cegid.fr/Retail/1.0" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"><wsdl:binding name="BasicHttpBinding">${operations.join("")}</wsdl:binding><wsdl:service name="${service}"><wsdl:port><soap:address location="${address}"/></wsdl:port></wsdl:service></wsdl:definitions>`;
}
