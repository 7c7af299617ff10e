import { selectClientAuthMethod } from "@modelcontextprotocol/client";
import type { Fetch } from "../../core/net-fetch.ts";
import { toInformation } from "./clients.ts";
import { discover } from "./discover.ts";
import type { Credentials } from "./kept.ts";

/** RFC 7009. False when the sign-in server offers it not, or did not confirm. */
export async function revoke(ask: Fetch, credentials: Credentials): Promise<boolean> {
  const { client, issuer, serverUrl, refreshToken, accessToken, resourceMetadataUrl } = credentials;
  if (client === null) return false;
  const { metadata, issuer: now } = await discover(ask, serverUrl, { resourceMetadataUrl });
  const endpoint = endpointOf(metadata);
  if (endpoint === null || now !== issuer) return false;
  const form = new URLSearchParams(
    refreshToken === null
      ? { token: accessToken, token_type_hint: "access_token" }
      : { token: refreshToken, token_type_hint: "refresh_token" },
  );
  const supported = metadata?.token_endpoint_auth_methods_supported ?? [];
  const method = selectClientAuthMethod(toInformation(client), supported);
  const headers = new Headers();
  if (method === "client_secret_basic") headers.set("authorization", basic(client));
  else form.set("client_id", client.clientId);
  if (method === "client_secret_post") form.set("client_secret", client.clientSecret ?? "");
  const response = await ask(endpoint, { method: "POST", headers, body: form });
  return response.ok;
}

function endpointOf(metadata: object | null): string | null {
  if (metadata === null || !("revocation_endpoint" in metadata)) return null;
  const url = URL.parse(String(metadata.revocation_endpoint));
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "");
  return url?.protocol === "https:" || (url?.protocol === "http:" && isLocal) ? url.href : null;
}

/** RFC 6749 2.3.1. */
const basic = ({ clientId, clientSecret }: NonNullable<Credentials["client"]>): string =>
  `Basic ${Buffer.from(
    `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret ?? "")}`,
  ).toString("base64")}`;
