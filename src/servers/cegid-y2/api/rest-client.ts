import type { Cache } from "../../kit/cache/cache.ts";
import { Failure } from "../../kit/failure.ts";
import { accountMark } from "../../kit/tokens/token-store.ts";
import type { TokenKeeper } from "../../kit/tokens/keeper.ts";
import type { Upstream } from "../../kit/upstream/client.ts";
import { toCredentials } from "./credentials.ts";
import type { Asker, Y2Rest } from "./y2.ts";

interface RestDeps {
  readonly upstream: Upstream;
  readonly cache: Cache;
  readonly keeper: TokenKeeper;
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Asks the JSON services of the folder. */
export function createRestClient(
  { upstream, cache, keeper }: RestDeps,
  settings: { readonly baseUrl: string | null },
): Y2Rest {
  async function send({ tenant, signal }: Asker, path: string, query: Query, accept: string) {
    const found = toCredentials(await keeper.credentialsOf(tenant, signal), settings);
    return upstream.send({
      tenant,
      method: "GET",
      url: `${found.baseUrl}/${encodeURIComponent(found.folderId)}/api/${path}`,
      query,
      headers: { accept },
      signal,
    });
  }
  return {
    isOn: true,
    async get(asker, kind, path, query) {
      const { tenant, signal } = asker;
      const account = accountMark(await keeper.credentialsOf(tenant, signal));
      const { value } = await cache.read(
        { tenant, kind, key: { account, path, query }, signal },
        async (inner) =>
          (await send({ ...asker, signal: inner }, path, query, "application/json")).json(),
      );
      return value;
    },
    async image(asker, path) {
      const { headers, bytes } = await send(asker, path, {}, "image/*");
      const mimeType = (headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
      if (!/^image\/[a-z+.-]+$/.test(mimeType))
        throw new Failure(
          "SCHEMA_MISMATCH",
          "Cegid Y2 answered with something that is no picture.",
        );
      return { mimeType, base64: Buffer.from(bytes).toString("base64") };
    },
  };
}

/** Where the JSON services are not set up. */
export const NO_REST: Y2Rest = {
  isOn: false,
  get: async () => refuse(),
  image: async () => refuse(),
};

function refuse(): never {
  throw new Failure("UNSUPPORTED_OPERATION", "The JSON services of Cegid Y2 are not set up here.", {
    hint: "Whoever runs the server turns them on with CEGID_Y2_REST_AUTH=basic or oauth. The SOAP tools work without them.",
  });
}
