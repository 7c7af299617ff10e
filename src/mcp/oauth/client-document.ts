import { clientMetadata } from "./clients.ts";
import { PATH } from "./ways.ts";

/** Who Clara is, for sign-in servers that read it on the web: its address is her client id. */
export type ClientDocument = ReturnType<typeof clientMetadata> & { readonly client_id: string };

/** null where they could not, or would not, fetch it: without a window, and without encryption. */
export function clientDocument(botName: string, windowUrl: string | null): ClientDocument | null {
  if (windowUrl === null || !windowUrl.startsWith("https:")) return null;
  return {
    ...clientMetadata(botName, `${windowUrl}${PATH}/callback`),
    client_id: `${windowUrl}${PATH}/client.json`,
    client_uri: windowUrl,
    token_endpoint_auth_method: "none",
  };
}
