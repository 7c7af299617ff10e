import { anyText, httpUrl } from "../parsers.ts";
import { optional, secret } from "../variable.ts";

export const googleVariables = {
  GOOGLE_CLIENT_ID: optional(
    "Lets people connect their own Google: the id of an OAuth client (web application). docs/GOOGLE.md has the steps",
    anyText,
  ),
  GOOGLE_CLIENT_SECRET: secret("The secret of that client"),
  GOOGLE_REDIRECT_URI: optional(
    "The redirect address that was entered at Google. Not set: CLARA_API_URL with /oauth/google/callback",
    httpUrl,
  ),
};
