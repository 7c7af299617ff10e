import { html } from "hono/html";
import type { McpSignInEnd, McpSignInPerson } from "../../core/mcp-sign-in.ts";
import type { EndStatus, SignInWords } from "../sign-in/pages.ts";
import { pageOf, shownPerson, type Html, type Words } from "../sign-in/words.ts";

const STATUS: Readonly<Record<McpSignInEnd["kind"], EndStatus>> = {
  "signed-in": 200,
  declined: 200,
  paste: 200,
  unknown: 400,
  expired: 410,
  "other-browser": 403,
  "not-yours": 403,
  failed: 502,
};

/** Asks who it is before anything happens, and says who will ask next. */
const startPage = (person: McpSignInPerson, challenge: string): Words =>
  pageOf(
    `Sign in to ${person.serverName}`,
    (botName) => html`
      <p>${botName} will use your account at <strong>${person.serverName}</strong> for:</p>
      <p class="person">${shownPerson(person)}</p>
      <p>
        You go on to <strong>${person.host}</strong>, which asks you what she may do there. Go on
        only if you know that address.
      </p>
      <p class="warning">
        <strong>Is that you?</strong> If somebody else sent you this link, close this page: they
        would get into your account.
      </p>
      <form method="post">
        <input type="hidden" name="challenge" value="${challenge}" />
        <button>Yes, that is me: go on to ${person.host}</button>
      </form>
      <p class="soft">You can take it back at any time: /mcp in Discord, sign out.</p>
    `,
  );

const goneLinkPage: Words = pageOf(
  "This link is over",
  (botName) => html`
    <p>It was used already, is older than 10 minutes, or a newer one took its place.</p>
    <p>Ask ${botName} for a new one: <code>/mcp oauth_start</code> in Discord.</p>
  `,
);

/** How it ended. */
function endPage(end: McpSignInEnd): Words {
  switch (end.kind) {
    case "signed-in":
      return signedIn(end);
    case "declined":
      return pageOf(
        "Nothing was connected",
        () => html`<p>You said no, so nothing has changed. You can close this page.</p>`,
      );
    case "paste":
      return pageOf(
        "One more step",
        () => html`
          <p>Copy the whole address of this page, from the line at the top of the browser.</p>
          <p>Then paste it in Discord: <code>/mcp oauth_complete</code>.</p>
          <p class="warning">
            Give it to nobody else, whoever asks: it opens your account for ten minutes.
          </p>
        `,
      );
    case "unknown":
      return pageOf("That did not work", again("Nobody is waiting for this answer."));
    case "expired":
      return pageOf("That took too long", again("A link works for 10 minutes."));
    case "other-browser":
      return pageOf(
        "That was another browser",
        again(
          "What is begun in one browser has to end there, with cookies allowed. Nothing was connected.",
        ),
      );
    case "not-yours":
      return pageOf(
        "Nothing was connected",
        again("This server is somebody else's to sign in to."),
      );
    case "failed":
      return pageOf("Nothing was connected", again(end.says));
  }
}

const again =
  (says: string) =>
  (botName: string): Html =>
    html`
      <p>${says}</p>
      <p>Ask ${botName} for a new link: <code>/mcp oauth_start</code> in Discord.</p>
    `;

const signedIn = ({
  person,
  serverName,
}: Extract<McpSignInEnd, { readonly kind: "signed-in" }>): Words =>
  pageOf(
    "Signed in",
    (botName) => html`
      <p class="person">${shownPerson(person)}</p>
      <p>can now use <strong>${serverName}</strong> through ${botName}.</p>
      <p>Not you? Take it back at once, in your account at ${serverName}.</p>
      <p class="soft">You can close this page and go on in Discord.</p>
    `,
  );

/** What is said on the way to an MCP server's sign-in. */
export const mcpWords: SignInWords<McpSignInPerson, McpSignInEnd> = {
  start: startPage,
  gone: goneLinkPage,
  end: endPage,
  status: ({ kind }) => STATUS[kind],
  unknown: endPage({ kind: "unknown" }),
  otherBrowser: endPage({ kind: "other-browser" }),
  broken: endPage({ kind: "failed", says: "Something went wrong on my side; my log says more." }),
};
