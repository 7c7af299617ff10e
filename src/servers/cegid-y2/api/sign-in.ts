import { z } from "zod";
import type { Clock } from "../../kit/clock.ts";
import { Failure } from "../../kit/failure.ts";
import type { TenantId } from "../../kit/tenant.ts";
import type { Tokens } from "../../kit/tokens/token-store.ts";
import type { Upstream } from "../../kit/upstream/client.ts";
import type { CegidSettings } from "../settings.ts";
import { toCredentials } from "./credentials.ts";

const answerSchema = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  refresh_token: z.string().nullish(),
});

const OTHERWISE_SECONDS = 3_600;

/** Whether there is a name and a password to sign in with. */
export const isRenewable = ({ secrets }: Tokens): boolean =>
  secrets["username"] !== undefined && secrets["password"] !== undefined;

/** Signs in to the JSON services: with the refresh token, and where that is refused with the password. */
export const createSignIn =
  (
    { upstream, clock }: { readonly upstream: () => Upstream; readonly clock: Clock },
    settings: CegidSettings,
  ) =>
  async (old: Tokens, tenant: TenantId, signal: AbortSignal): Promise<Tokens> => {
    const grant = async (form: Readonly<Record<string, string>>): Promise<Tokens> => {
      const reply = await upstream().send({
        tenant,
        method: "POST",
        url: settings.rest.tokenUrl ?? "",
        form: { client_id: settings.rest.clientId, ...form },
        isAnonymous: true,
        signal,
      });
      const read = answerSchema.safeParse(reply.json());
      if (!read.success)
        throw new Failure("SCHEMA_MISMATCH", "The sign-in of Cegid answers in another shape.", {
          hint: "CEGID_Y2_TOKEN_URL may be wrong.",
          cause: read.error,
        });
      const { access_token, expires_in = OTHERWISE_SECONDS, refresh_token } = read.data;
      return {
        ...old,
        accessToken: access_token,
        refreshToken: refresh_token ?? old.refreshToken,
        expiresAt: clock.now().getTime() + expires_in * 1000,
      };
    };
    if (old.refreshToken !== null)
      try {
        return await grant({ grant_type: "refresh_token", refresh_token: old.refreshToken });
      } catch (thrown) {
        if (!isRefusal(thrown)) throw thrown; // Refused: the password is left.
      }
    const { folderId, username, password } = toCredentials(old, settings);
    return grant({
      grant_type: "password",
      username: `${username}@${folderId}`,
      password,
      scope: settings.rest.scope,
    });
  };

const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof Failure && ["AUTH_INVALID", "UPSTREAM_REJECTED"].includes(thrown.code);
