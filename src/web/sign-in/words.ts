import { html } from "hono/html";
import type { LinkedPerson } from "../../core/sign-in.ts";

export type Html = ReturnType<typeof html>;

/** A page, once it is known whose it is and where its style is. */
export interface Words {
  readonly page: (botName: string, stylesheet: string) => Html;
}

export const pageOf = (title: string, body: (botName: string) => Html): Words => ({
  page: (botName, stylesheet) =>
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>${title} · ${botName}</title>
          <link rel="stylesheet" href="${stylesheet}" />
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
export function shownPerson({ userId, name }: LinkedPerson): Html {
  const discordId = /^discord:(\d+)$/.exec(userId)?.[1];
  return discordId === undefined
    ? html`<strong>${name}</strong>`
    : html`<strong>${name}</strong> <span class="id">Discord user ${discordId}</span>`;
}
