import { anyText, httpUrl, list, wholeNumber } from "../parsers.ts";
import { optional, secret, withDefault } from "../variable.ts";

/** Where nobody but the host itself sees which page was asked for, and where nobody can send people on. */
const WELL_KNOWN_HOSTS =
  "wikipedia.org,wikimedia.org,wiktionary.org,openstreetmap.org,developer.mozilla.org,docs.python.org,nodejs.org,npmjs.com,pypi.org,stackoverflow.com,github.com,arxiv.org,discord.js.org";

export const webToolVariables = {
  TAVILY_API_KEY: secret("Lets her search the web. From https://app.tavily.com"),
  BRAVE_API_KEY: secret("The same by Brave. From https://api-dashboard.search.brave.com"),
  SEARXNG_URL: optional(
    "The same by a SearXNG of your own that gives JSON, for example http://searxng:8080",
    httpUrl,
  ),
  CLARA_FETCH_ALLOW: optional(
    "Hosts of your own that she may read from although they are private, for example nas.home:5000,192.168.1.0/24",
    list,
  ),
  CLARA_LINK_HOSTS: withDefault(
    WELL_KNOWN_HOSTS,
    "Hosts that she may always link to. Other links must come from whoever asks, or from where she looked it up",
    list,
  ),
  CLARA_CHROMIUM: optional(
    "Path of Chromium or Chrome. Not set: looked for where Linux and macOS have it",
    anyText,
  ),
  BROWSER_SESSIONS_DIR: optional(
    "Where what a browser session has saved is kept. Not set: browser_sessions in CLARA_DATA_DIR",
    anyText,
  ),
  BROWSER_SESSION_IDLE_MINUTES: withDefault(
    "30",
    "A browser session that nobody uses is closed after this",
    wholeNumber(1, 1_440),
  ),
};
