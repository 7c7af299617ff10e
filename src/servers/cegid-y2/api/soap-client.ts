import type { Cache } from "../../kit/cache/cache.ts";
import { accountMark } from "../../kit/tokens/token-store.ts";
import type { TokenKeeper } from "../../kit/tokens/keeper.ts";
import type { Upstream } from "../../kit/upstream/client.ts";
import { faultFailure } from "../soap/fault.ts";
import type { Operation } from "../soap/operation.ts";
import { readReply } from "../soap/reply.ts";
import { fields, type Value } from "../soap/value.ts";
import { writeEnvelope } from "../soap/write-xml.ts";
import type { XmlNode } from "../soap/xml-node.ts";
import { cachedY2 } from "./cached.ts";
import { toCredentials } from "./credentials.ts";
import type { Asker, Y2 } from "./y2.ts";

const RETAIL = "http://www.cegid.fr/Retail/1.0";

interface SoapDeps {
  readonly upstream: Upstream;
  readonly cache: Cache;
  readonly keeper: TokenKeeper;
}

/** Asks the real services. */
export function createSoapClient(
  { upstream, cache, keeper }: SoapDeps,
  settings: { readonly baseUrl: string | null },
): Y2 {
  async function call(
    { tenant, signal }: Asker,
    operation: Operation,
    parameters: readonly (readonly [string, Value])[],
  ): Promise<XmlNode | null> {
    const { service, contract, method, context, isRead, isVoid } = operation;
    const { baseUrl, folderId } = toCredentials(
      await keeper.credentialsOf(tenant, signal),
      settings,
    );
    const whole = [...parameters, [context, fields({ DatabaseId: folderId })] as const];
    const reply = await upstream.send({
      tenant,
      method: "POST",
      url: `${baseUrl}/${service}.svc`,
      headers: {
        "content-type": "text/xml; charset=utf-8",
        soapaction: `"${RETAIL}/${contract}/${method}"`,
      },
      text: writeEnvelope(method, whole),
      isSafe: isRead,
      signal,
    });
    const read = readReply(reply.text, method, isVoid);
    if (read.kind === "fault") throw faultFailure(read.fault);
    return read.result;
  }
  const accountOf = async ({ tenant, signal }: Asker) =>
    accountMark(await keeper.credentialsOf(tenant, signal));
  return cachedY2(cache, accountOf, call);
}
