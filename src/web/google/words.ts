import { html } from "hono/html";
import type { SignInEnd } from "../../core/google.ts";
import type { LinkedPerson } from "../../core/sign-in.ts";
import type { EndStatus, SignInWords } from "../sign-in/pages.ts";
import { pageOf, shownPerson, type Html, type Words } from "../sign-in/words.ts";

const STATUS: Readonly<Record<SignInEnd["kind"], EndStatus>> = {
  connected: 200,
  declined: 200,
  unknown: 400,
  expired: 410,
  "other-browser": 403,
  failed: 502,
};

/** Asks who it is before anything happens. */
const startPage = (person: LinkedPerson, challenge: string): Words =>
  pageOf(
    "Connect your Google",
    (botName) => html`
      <p>This connects <em>your</em> Google account to ${botName}, for:</p>
      <p class="person">${shownPerson(person)}</p>
      <p>
        When that person talks to ${botName}, she can then read this Google account's calendar,
        Drive, Sheets and Docs, and after a click change things there.
      </p>
      <p class="warning">
        <strong>Is that you?</strong> If somebody else sent you this link, close this page: they
        would get into your Google.
      </p>
      <form method="post">
        <input type="hidden" name="challenge" value="${challenge}" />
        <button>Yes, that is me: go on to Google</button>
      </form>
      <p class="soft">
        You can take it back at any time: /google disconnect in Discord, or
        myaccount.google.com/connections.
      </p>
    `,
  );

const goneLinkPage: Words = pageOf(
  "This link is over",
  (botName) => html`
    <p>It was used already, is older than 10 minutes, or a newer one took its place.</p>
    <p>Ask ${botName} for a new one: <code>/google connect</code> in Discord.</p>
  `,
);

/** How it ended. */
function endPage(end: SignInEnd): Words {
  switch (end.kind) {
    case "connected":
      return connected(end);
    case "declined":
      return pageOf(
        "Nothing was connected",
        () => html`<p>You said no at Google, so nothing has changed. You can close this page.</p>`,
      );
    case "unknown":
      return pageOf("That did not work", again("Nobody is waiting for this answer of Google's."));
    case "expired":
      return pageOf("That took too long", again("A link works for 10 minutes."));
    case "other-browser":
      return pageOf(
        "That was another browser",
        again(
          "What is begun in one browser has to end there, with cookies allowed. Nothing was connected.",
        ),
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
      <p>Ask ${botName} for a new link: <code>/google connect</code> in Discord.</p>
    `;

const connected = ({
  person,
  email,
  missing,
}: Extract<SignInEnd, { readonly kind: "connected" }>): Words =>
  pageOf(
    "Connected",
    (botName) => html`
      <p class="person">${shownPerson(person)}</p>
      <p>now has <strong>${email ?? "this Google account"}</strong> connected to ${botName}.</p>
      ${
        missing.length > 0
          ? html`<p class="warning">
              Not ticked on Google's page, so it will not work: ${missing.join(", ")}.
            </p>`
          : ""
      }
      <p>
        Not you? Take it back at once at
        <a href="https://myaccount.google.com/connections">myaccount.google.com/connections</a>.
      </p>
      <p class="soft">You can close this page and go on in Discord.</p>
    `,
  );

/** What is said on the way to Google. */
export const googleWords: SignInWords<LinkedPerson, SignInEnd> = {
  start: startPage,
  gone: goneLinkPage,
  end: endPage,
  status: ({ kind }) => STATUS[kind],
  unknown: endPage({ kind: "unknown" }),
  otherBrowser: endPage({ kind: "other-browser" }),
  broken: endPage({
    kind: "failed",
    says: "Something went wrong on my side; my log says more.",
  }),
};
