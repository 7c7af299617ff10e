import { html } from "hono/html";
import type { LinkedPerson, SignInEnd } from "../../core/google.ts";

type Html = ReturnType<typeof html>;

/** A page, once it is known whose it is. */
export interface Words {
  readonly page: (botName: string) => Html;
}

const pageOf = (title: string, body: (botName: string) => Html): Words => ({
  page: (botName) =>
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>${title} · ${botName}</title>
          <link rel="stylesheet" href="/oauth/google/page.css" />
        </head>
        <body>
          <main>
            <h1>${title}</h1>
            ${body(botName)}
          </main>
        </body>
      </html>`,
});

/** Names are not unique, so the id stands beside it. */
function shown({ userId, name }: LinkedPerson): Html {
  const discordId = /^discord:(\d+)$/.exec(userId)?.[1];
  return discordId === undefined
    ? html`<strong>${name}</strong>`
    : html`<strong>${name}</strong> <span class="id">Discord user ${discordId}</span>`;
}

/** Asks who it is before anything happens. */
export const startPage = (person: LinkedPerson, challenge: string): Words =>
  pageOf(
    "Connect your Google",
    (botName) => html`
      <p>This connects <em>your</em> Google account to ${botName}, for:</p>
      <p class="person">${shown(person)}</p>
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

export const goneLinkPage: Words = pageOf(
  "This link is over",
  (botName) => html`
    <p>It was used already, is older than 10 minutes, or a newer one took its place.</p>
    <p>Ask ${botName} for a new one: <code>/google connect</code> in Discord.</p>
  `,
);

/** How it ended. */
export function endPage(end: SignInEnd): Words {
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
      <p class="person">${shown(person)}</p>
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
