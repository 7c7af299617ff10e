import { z } from "zod";
import { Failure } from "../failure.ts";
import { toTenantId, DEFAULT_TENANT, type TenantId } from "../tenant.ts";
import { fromRecord, toRecord, type TokenStore } from "./token-store.ts";

const TIMEOUT_MS = 10_000;
/** What only reads is asked once more when no answer comes. */
const READ_TRIES = 2;

export interface VaultSettings {
  readonly address: string;
  readonly token: string;
  /** Of a KV engine, version 2. */
  readonly mount: string;
  readonly path: string;
  readonly namespace: string | null;
}

/** https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2 */
const secretSchema = z.object({
  data: z.object({
    data: z.record(z.string(), z.unknown()).nullable(),
    metadata: z.looseObject({ version: z.number() }),
  }),
});
const keysSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** In HashiCorp Vault, with its own check-and-set. */
export function createVaultTokens(
  { fetch }: { readonly fetch: typeof globalThis.fetch },
  { address, token, mount, path, namespace }: VaultSettings,
): TokenStore {
  const root = `${address.replace(/\/+$/, "")}/v1/${mount}`;
  const headers = {
    "x-vault-token": token,
    "x-vault-request": "true",
    "content-type": "application/json",
    ...(namespace === null ? {} : { "x-vault-namespace": namespace }),
  };
  async function ask(
    method: string,
    url: string,
    signal: AbortSignal,
    body?: unknown,
  ): Promise<Answer> {
    const tries = method === "GET" ? READ_TRIES : 1;
    for (let attempt = 1; ; attempt += 1)
      try {
        return await askOnce(method, url, signal, body);
      } catch (thrown) {
        if (attempt >= tries || signal.aborted) throw thrown;
      }
  }
  async function askOnce(
    method: string,
    url: string,
    signal: AbortSignal,
    body?: unknown,
  ): Promise<Answer> {
    const response = await reached(
      fetch(url, {
        method,
        headers,
        redirect: "error",
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      signal,
    );
    const text = await response.text();
    const answer = { status: response.status, body: text === "" ? null : safeJson(text) };
    if (![200, 204, 400, 404].includes(answer.status)) throw refused(answer.status);
    return answer;
  }
  const data = (tenant: TenantId) => `${root}/data/${path}/${tenant}`;

  /** Of what was deleted softly, there is still a version, which check-and-set wants to hear. */
  async function currentVersion(tenant: TenantId, signal: AbortSignal): Promise<number> {
    const found = secretSchema.safeParse((await ask("GET", data(tenant), signal)).body);
    return found.success && found.data.data.data === null ? found.data.data.metadata.version : 0;
  }
  async function put(tenant: TenantId, record: unknown, cas: number, signal: AbortSignal) {
    const { status } = await ask("POST", data(tenant), signal, { options: { cas }, data: record });
    return status === 200;
  }
  return {
    async read(tenant, signal) {
      const { status, body } = await ask("GET", data(tenant), signal);
      if (status === 404) return null;
      const { data: secret } = secretSchema.parse(body);
      if (secret.data === null) return null;
      return { tokens: fromRecord(secret.data), version: String(secret.metadata.version) };
    },
    async write(tenant, tokens, version, signal) {
      const record = toRecord(tokens);
      if (version !== null) return put(tenant, record, Number(version), signal);
      return put(tenant, record, await currentVersion(tenant, signal), signal);
    },
    async remove(tenant, signal) {
      await ask("DELETE", data(tenant), signal);
    },
    async tenants(signal) {
      const { status, body } = await ask("GET", `${root}/metadata/${path}?list=true`, signal);
      if (status === 404) return [];
      return keysSchema.parse(body).data.keys.flatMap((name): TenantId[] => {
        const tenant = name === DEFAULT_TENANT ? DEFAULT_TENANT : toTenantId(name);
        return tenant === null ? [] : [tenant];
      });
    },
  };
}

async function reached(asked: Promise<Response>, signal: AbortSignal): Promise<Response> {
  try {
    return await asked;
  } catch (cause) {
    signal.throwIfAborted();
    throw unavailable("cannot be reached", cause);
  }
}

const refused = (status: number): Failure =>
  status === 403
    ? unavailable("refuses the server's own token")
    : unavailable(status === 503 ? "is sealed, or in maintenance" : `answers with ${status}`);

const unavailable = (what: string, cause?: unknown): Failure =>
  new Failure("UPSTREAM_UNAVAILABLE", `The place where credentials are kept (Vault) ${what}.`, {
    hint: "Whoever runs the server has to look after it. Try again later.",
    cause,
  });

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // A proxy's page: the status says enough.
  }
}
