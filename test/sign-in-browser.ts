import type { Hono } from "hono";

export interface Shown {
  readonly status: number;
  readonly text: string;
  readonly location: string | null;
  readonly headers: Headers;
}

/** What of a browser matters to a sign-in: cookies, forms, and where it is sent. `reach`: where the other house really is. */
export function openSignInBrowser(app: Hono, reach: (url: string) => URL) {
  const cookies = new Map<string, string>();

  async function ask(url: string, init: RequestInit = {}): Promise<Shown> {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    const response = await app.request(url, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    return {
      status: response.status,
      text: await response.text(),
      location,
      headers: response.headers,
    };
  }

  const challengeIn = ({ text }: Pick<Shown, "text">): string =>
    /name="challenge" value="([^"]+)"/.exec(text)?.[1] ?? "";

  const press = (link: string, challenge: string) =>
    ask(link, { method: "POST", body: new URLSearchParams({ challenge }) });

  /** To the other house's page, says yes there, and gives the address that it sends back to. */
  async function toOther(link: string): Promise<string> {
    const { location } = await press(link, challengeIn(await ask(link)));
    const response = await fetch(reach(location ?? "about:blank"), { redirect: "manual" });
    return response.headers.get("location") ?? "";
  }

  return {
    ask,
    press,
    challengeIn,
    toOther,
    through: async (link: string): Promise<Shown> => ask(await toOther(link)),
  };
}
