import { Failure } from "../../kit/failure.ts";
import type { TenantId } from "../../kit/tenant.ts";
import type { TokenKeeper } from "../../kit/tokens/keeper.ts";
import type { Tokens } from "../../kit/tokens/token-store.ts";
import type { Authorizer } from "../../kit/upstream/client.ts";

/** Where one tenant's folder is, and who asks. */
export interface Credentials {
  /** `https://…/Y2`, without a slash at its end. */
  readonly baseUrl: string;
  /** Also called database id and domain. */
  readonly folderId: string;
  readonly username: string;
  readonly password: string;
}

/** Of a tenant's record. The address may be the same for all. Throws NO_CREDENTIALS. */
export function toCredentials(
  { secrets }: Tokens,
  settings: { readonly baseUrl: string | null },
): Credentials {
  const { folder_id: folderId, username, password } = secrets;
  const baseUrl = secrets["base_url"] ?? settings.baseUrl;
  if (!baseUrl || !folderId || !username || !password)
    throw new Failure("NO_CREDENTIALS", "The account of Cegid Y2 is not set up.", {
      hint: "Whoever runs the server has to set the address, the folder, the user and the password. Trying again will not help.",
    });
  return { baseUrl, folderId, username, password };
}

/** Name and password with each request, as `FOLDER\USER`. Nothing can be renewed when they are refused. */
export const basicOf = (
  keeper: TokenKeeper,
  settings: { readonly baseUrl: string | null },
  learn: (secrets: readonly string[]) => void,
): Authorizer => ({
  async headersFor(tenant: TenantId, signal: AbortSignal) {
    const found = toCredentials(await keeper.credentialsOf(tenant, signal), settings);
    const basic = Buffer.from(`${found.folderId}\\${found.username}:${found.password}`).toString(
      "base64",
    );
    learn([basic]);
    return { authorization: `Basic ${basic}` };
  },
  refused: async () => false,
});
