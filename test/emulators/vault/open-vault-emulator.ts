import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { serve } from "../../serve.ts";

export const VAULT_TOKEN = "hvs.emulated-0123456789abcdef";

interface Version {
  readonly data: unknown;
  readonly deletedAt: string;
}

export interface VaultEmulator extends AsyncDisposable {
  readonly url: string;
  /** Everything is answered with 503 while it is sealed, as Vault does. */
  readonly seal: (isSealed: boolean) => void;
  /** What lies at a path now; undefined for nothing. */
  readonly at: (path: string) => unknown;
  readonly put: (path: string, data: unknown) => void;
  /** The next write is done, but its answer is lost on the way. */
  readonly loseNextAnswer: () => void;
  readonly writes: () => number;
  /** The namespaces that were asked for. */
  readonly namespaces: readonly (string | undefined)[];
}

/**
 * HashiCorp Vault's KV engine, version 2, as its documents describe it: versions, check-and-set, soft deletion, lists.
 * https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 */
export async function openVaultEmulator(mount = "secret"): Promise<VaultEmulator> {
  const secrets = new Map<string, Version[]>();
  const namespaces: (string | undefined)[] = [];
  let isSealed = false;
  let losesAnswer = false;
  let writes = 0;
  const served = await serve((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const give = (status: number, value?: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(value === undefined ? "" : JSON.stringify(value));
    };
    const { "x-vault-namespace": namespace, "x-vault-token": token } = request.headers;
    namespaces.push(namespace === undefined ? undefined : String(namespace));
    if (isSealed) return give(503, { errors: ["Vault is sealed"] });
    if (token !== VAULT_TOKEN) return give(403, { errors: ["permission denied"] });
    const [, kind = "", path = ""] =
      new RegExp(`^/v1/${mount}/(data|metadata)/([^?]+)`).exec(request.url ?? "") ?? [];
    // Node's server does not know Vault's own method LIST; this is the other way that Vault documents.
    if (kind === "metadata" && request.url?.endsWith("?list=true")) return list(path, give);
    if (kind !== "data") return give(404, { errors: [] });
    if (request.method === "GET") return read(path, give);
    if (request.method === "DELETE") return remove(path, give);
    if (request.method !== "POST") return give(405, { errors: ["unsupported operation"] });
    write(path, body, (status, value) => {
      if (status === 200 && losesAnswer) {
        losesAnswer = false;
        return void response.destroy();
      }
      give(status, value);
    });
  }

  type Give = (status: number, value?: unknown) => void;
  const metadata = (versions: readonly Version[]) => ({
    version: versions.length,
    deletion_time: versions.at(-1)?.deletedAt ?? "",
    destroyed: false,
  });
  function read(path: string, give: Give): void {
    const versions = secrets.get(path) ?? [];
    const latest = versions.at(-1);
    if (latest === undefined) return give(404, { errors: [] });
    const isDeleted = latest.deletedAt !== "";
    const data = { data: isDeleted ? null : latest.data, metadata: metadata(versions) };
    give(isDeleted ? 404 : 200, { data });
  }
  function write(path: string, body: string, give: Give): void {
    const { data, options } = JSON.parse(body) as {
      readonly data: unknown;
      readonly options?: { readonly cas?: number };
    };
    const versions = secrets.get(path) ?? [];
    if (options?.cas !== undefined && options.cas !== versions.length)
      return give(400, {
        errors: ["check-and-set parameter did not match the current version"],
      });
    versions.push({ data, deletedAt: "" });
    secrets.set(path, versions);
    writes += 1;
    give(200, { data: metadata(versions) });
  }
  function remove(path: string, give: Give): void {
    const versions = secrets.get(path);
    const latest = versions?.pop();
    if (versions && latest) versions.push({ ...latest, deletedAt: "2026-11-25T00:00:00Z" });
    give(204);
  }
  function list(path: string, give: Give): void {
    const keys = [...secrets.keys()]
      .filter((key) => key.startsWith(`${path}/`))
      .map((key) => key.slice(path.length + 1));
    if (keys.length === 0) return give(404, { errors: [] });
    give(200, { data: { keys } });
  }
  return {
    url: served.url,
    seal: (sealed) => void (isSealed = sealed),
    at: (path) => secrets.get(path)?.at(-1)?.data,
    put: (path, data) =>
      void secrets.set(path, [...(secrets.get(path) ?? []), { data, deletedAt: "" }]),
    loseNextAnswer: () => void (losesAnswer = true),
    writes: () => writes,
    namespaces,
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}
