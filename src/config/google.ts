import type { ProblemList } from "./problems.ts";
import type { GoogleSettings, WebSettings } from "./shape.ts";
import type { Values } from "./variables.ts";

const CALLBACK = "/oauth/google/callback";

/** Whether people can connect their own Google, and by which addresses. */
export function toGoogle(
  values: Values,
  web: WebSettings | null,
  problems: ProblemList,
): GoogleSettings {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = values;
  if (clientId === null && clientSecret === null)
    return off(
      "GOOGLE_CLIENT_ID is not set",
      "make an OAuth client at https://console.cloud.google.com, see docs/GOOGLE.md",
    );
  if (clientId === null || clientSecret === null) {
    const missing = clientId === null ? "GOOGLE_CLIENT_ID" : "GOOGLE_CLIENT_SECRET";
    problems.add(missing, "is missing: Google wants the id and the secret of the client together");
    return off(`${missing} is not set`, `set ${missing}`);
  }
  // Without a key nothing can be kept; an embedded database has one of its own.
  if (values.DATABASE_URL !== null && values.CLARA_SECRET_KEYS === null)
    return off(
      "there is no key to seal people's tokens with",
      "set CLARA_SECRET_KEYS to what `clara new-key` prints",
    );
  const redirectUri = redirectUriOf(values, web);
  if (redirectUri === null)
    return off(
      "nobody could open its page",
      "set CLARA_API_URL to where browsers reach the web page, for example https://clara.example.com",
    );
  checkRedirect(redirectUri, problems);
  return {
    isOn: true,
    clientId,
    clientSecret,
    redirectUri,
    startUrl: `${redirectUri.slice(0, -"/callback".length)}/start`,
  };
}

const off = (says: string, advice: string): GoogleSettings => ({ isOn: false, says, advice });

function redirectUriOf(values: Values, web: WebSettings | null): string | null {
  if (values.GOOGLE_REDIRECT_URI !== null) return values.GOOGLE_REDIRECT_URI;
  if (values.CLARA_API_URL !== null) return `${values.CLARA_API_URL}${CALLBACK}`;
  // On the operator's own machine.
  return web !== null && web.port !== 0 && web.playground
    ? `http://localhost:${web.port}${CALLBACK}`
    : null;
}

/** What Google itself would refuse, only later and in front of a person. */
function checkRedirect(redirectUri: string, problems: ProblemList): void {
  const { protocol, hostname, origin, href } = new URL(redirectUri);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (href !== `${origin}${CALLBACK}`)
    problems.add(
      "GOOGLE_REDIRECT_URI",
      `must be a host with ${CALLBACK} behind it, and nothing more (it is made of CLARA_API_URL when it is not set)`,
    );
  else if (protocol !== "https:" && !isLocal)
    problems.add(
      "GOOGLE_REDIRECT_URI",
      "must begin with https://, since Google takes http for localhost only (it is made of CLARA_API_URL when it is not set)",
    );
}
