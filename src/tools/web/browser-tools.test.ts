import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hostileUrls } from "../../../test/hostile-urls.ts";
import { whyNoBrowser } from "../../../test/open-browser.ts";
import { openSite, type Site } from "../../../test/open-site.ts";
import { toolContext, webNet, type WebNetParts } from "../../../test/web-net.ts";
import { conversationId, userId } from "../../core/ids.ts";
import type { ToolContext } from "../../core/tool.ts";
import { createWebTools } from "./web-tools.ts";

const noSearch = { tavilyKey: null, braveKey: null, searxngUrl: null };

async function openTools(site: Site, parts: WebNetParts & { readonly idleMs?: number } = {}) {
  const { idleMs = 60_000, ...rest } = parts;
  const sessionsDir = await mkdtemp(join(tmpdir(), "clara-browser-"));
  const web = createWebTools(webNet(site.port, rest), {
    search: noSearch,
    browser: { executablePath: null, sessionsDir, idleMs },
  });
  const run = (name: string, input: object, context: ToolContext = toolContext) => {
    const tool = web.tools.find((candidate) => candidate.name === name);
    if (!tool) throw new Error(`No tool ${name}`);
    return tool.run(tool.input.parse(input), context);
  };
  return {
    tools: web.tools,
    run,
    at: (path: string) => `http://site.test:${site.port}${path}`,
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await rm(sessionsDir, { recursive: true, force: true });
    },
  };
}

const PAGE = `<!doctype html><title>Shop</title><h1>Bread</h1><p class="price">3 €</p>
  <form action="/sent"><input name="who"><button>Send</button></form>
  <script>document.body.append(document.cookie || "new here"); document.cookie = "seen=yes; max-age=999";
  document.querySelector("h1").textContent += " of today";</script>`;

const shop = () =>
  openSite(({ url }, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(url.startsWith("/sent") ? `<title>Thanks</title><p>Got ${url}</p>` : PAGE);
  });

/** Ana in a channel; the turn of the other tests is Ana's, too. */
const elsewhere: ToolContext = {
  ...toolContext,
  scope: {
    ...toolContext.scope,
    audience: {
      kind: "channel",
      conversationId: conversationId("discord:channel:99"),
      guildId: null,
    },
  },
};
const somebodyElse: ToolContext = {
  ...toolContext,
  scope: {
    ...toolContext.scope,
    principal: { ...toolContext.scope.principal, userId: userId("discord:777") },
  },
};

const why = whyNoBrowser === null ? "" : ` (${whyNoBrowser})`;
describe.skipIf(whyNoBrowser !== null)(`the browser tools, in Chromium${why}`, () => {
  test("are the twelve of the original", async () => {
    await using site = await shop();
    await using browser = await openTools(site);

    expect(browser.tools.map(({ name }) => name)).toEqual([
      "read_url",
      "browse_page",
      "screenshot_page",
      "extract_page_data",
      "browser_create_session",
      "browser_navigate",
      "browser_click",
      "browser_type",
      "browser_screenshot_session",
      "browser_extract_session",
      "browser_save_session",
      "browser_close_session",
      "browser_list_sessions",
    ]);
  });

  test("give a page's links as they stand there, and nothing that the model itself wrote", async () => {
    await using site = await openSite((_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<title>Links</title><p class="said">See https://a.example/said</p>
        <a href="https://a.example/page_(one)?x=1">One</a>`);
    });
    await using browser = await openTools(site);

    const page = await browser.run("browse_page", { url: browser.at("/") });
    const parts = await browser.run("extract_page_data", {
      url: browser.at("/"),
      selectors: { "https://evil.example/?d=words": ".said" },
    });

    expect(page.links).toEqual(["https://a.example/said", "https://a.example/page_(one)?x=1"]);
    expect(parts.links).toEqual(["https://a.example/said"]);
  });

  test("read a page after its scripts have run, and say where it came from", async () => {
    await using site = await shop();
    await using browser = await openTools(site);

    const page = await browser.run("browse_page", { url: browser.at("/") });
    const parts = await browser.run("extract_page_data", {
      url: browser.at("/"),
      selectors: { price: ".price", none: ".none" },
    });

    expect(page.text).toContain("Title: Shop\n");
    expect(page.text).toContain("Bread of today");
    expect(page).toMatchObject({
      taints: [{ source: "web", name: "site.test" }],
      sources: [browser.at("/")],
    });
    expect(JSON.parse(parts.text.slice(parts.text.indexOf("{")))).toEqual({
      price: ["3 €"],
      none: [],
    });
  });

  test("show a picture of a page", async () => {
    await using site = await shop();
    await using browser = await openTools(site);

    const { files = [] } = await browser.run("screenshot_page", {
      url: browser.at("/"),
      full_page: true,
    });

    expect(files).toMatchObject([{ name: "screenshot.png", contentType: "image/png" }]);
    expect(
      Buffer.from(files[0]?.content ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  });

  test("keep a session, type and click in it, save it and find it again", async () => {
    await using site = await shop();
    await using browser = await openTools(site);
    const session = { session_name: "shop" };
    await browser.run("browser_create_session", session);

    const first = await browser.run("browser_navigate", { ...session, url: browser.at("/") });
    await browser.run("browser_type", { ...session, selector: "input", text: "Ana" });
    const sent = await browser.run("browser_click", { ...session, selector: "text=Send" });
    const picture = await browser.run("browser_screenshot_session", session);
    const closed = await browser.run("browser_close_session", { ...session, keep_storage: true });
    const again = await browser.run("browser_create_session", session);
    const second = await browser.run("browser_navigate", { ...session, url: browser.at("/") });

    expect(first.text).toContain("new here");
    expect(sent.text).toContain("Got /sent?who=Ana");
    expect(picture.files).toHaveLength(1);
    expect([closed.text, again.text]).toEqual([
      "Session shop is closed.",
      "Session shop is open, with what was saved of it.",
    ]);
    expect(second.text).toContain("seen=yes");
    expect((await browser.run("browser_list_sessions", {})).text).toBe(
      `- shop: ${browser.at("/")}`,
    );
  });

  test("show nobody the session of another, nor one of a private chat elsewhere", async () => {
    await using site = await shop();
    await using browser = await openTools(site);
    const session = { session_name: "mine" };
    await browser.run("browser_create_session", session);
    await browser.run("browser_navigate", { ...session, url: browser.at("/") });
    await browser.run("browser_save_session", session);

    for (const other of [elsewhere, somebodyElse]) {
      expect((await browser.run("browser_list_sessions", {}, other)).text).toBe(
        "No session is open.",
      );
      expect(await browser.run("browser_extract_session", session, other)).toMatchObject({
        isError: true,
        text: expect.stringContaining("no browser session named"),
      });
      const made = await browser.run("browser_create_session", session, other);
      expect(made.text).toBe("Session mine is open.");
    }
  });

  test("refuse one session too many", async () => {
    await using site = await shop();
    await using browser = await openTools(site);
    const names = ["a", "b", "c", "d"].map((name) => ({ session_name: name }));

    const made = await Promise.all(
      names.map((name) => browser.run("browser_create_session", name)),
    );

    expect(made.map(({ isError }) => isError ?? false)).toEqual([false, false, false, true]);
  });

  test("close a session that nobody uses", async () => {
    await using site = await shop();
    await using browser = await openTools(site, { idleMs: 200 });
    await browser.run("browser_create_session", { session_name: "short" });

    await expect
      .poll(async () => (await browser.run("browser_list_sessions", {})).text)
      .toBe("No session is open.");
  });

  test("open no connection for any hostile address", async () => {
    await using site = await openSite();
    await using browser = await openTools(site, { allow: [] });
    const urls = hostileUrls(site.port).filter((url) => url.trim() !== "");
    await browser.run("browser_create_session", { session_name: "s" });

    const outputs = [];
    for (const url of urls) {
      outputs.push(
        await browser.run("browser_navigate", { session_name: "s", url, timeout: 5_000 }),
      );
    }

    expect(outputs.filter(({ isError }) => !isError)).toEqual([]);
    expect(urls.length).toBeGreaterThan(100);
    expect(site.connections()).toBe(0);
  });

  test("let no page reach a hostile address by itself", async () => {
    await using inner = await openSite();
    const urls = hostileUrls(inner.port).filter((url) => /^https?:/.test(url));
    await using site = await openSite(({ url }, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(url === "/" ? hostilePage(urls) : "");
    });
    await using browser = await openTools(site, { ports: [inner.port] });

    const { text } = await browser.run("browse_page", {
      url: browser.at("/"),
      wait_for: "networkidle",
    });

    expect(text).toContain("tried everything");
    expect(inner.connections()).toBe(0);
  });

  test("follow no redirect to a hostile address", async () => {
    await using inner = await openSite();
    await using site = await openSite((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    await using browser = await openTools(site, { ports: [inner.port] });

    expect(await browser.run("browse_page", { url: browser.at("/") })).toMatchObject({
      isError: true,
      text: expect.stringContaining("not on the public internet"),
    });
    expect(inner.connections()).toBe(0);
  });

  test("take no download", async () => {
    await using site = await openSite((_, response) =>
      response.writeHead(200, { "content-disposition": "attachment; filename=a.exe" }).end("MZ"),
    );
    await using browser = await openTools(site);

    expect(await browser.run("browse_page", { url: browser.at("/") })).toMatchObject({
      isError: true,
    });
  });

  test("end with the turn", async () => {
    const stop = new AbortController();
    await using site = await openSite(() => stop.abort(new Error("stopped")));
    await using browser = await openTools(site);
    const context = { ...toolContext, signal: stop.signal };

    const asked = browser.run("browse_page", { url: browser.at("/") }, context);

    await expect(asked).rejects.toThrow("stopped");
  });
});

test("without a browser there are no browser tools", async () => {
  await using site = await openSite();
  await using web = createWebTools(webNet(site.port), {
    search: noSearch,
    browser: { executablePath: "/nowhere/chromium", sessionsDir: "/nowhere", idleMs: 1 },
  });

  expect(web.tools.map(({ name }) => name)).toEqual(["read_url"]);
});

/** Pictures, frames, scripts, requests, sockets, beacons and a form, to each address. */
const hostilePage = (urls: readonly string[]): string => `<!doctype html><body><script>
  const urls = ${JSON.stringify(urls).replaceAll("<", "\\u003c")};
  const attempts = urls.map(async (url) => {
    for (const tag of ["img", "iframe"]) {
      const element = document.createElement(tag);
      element.src = url;
      document.body.append(element);
    }
    try { new WebSocket(url.replace("http", "ws")); } catch {}
    try { new EventSource(url); } catch {}
    try { navigator.sendBeacon(url, "x"); } catch {}
    await fetch(url, { mode: "no-cors" }).catch(() => {});
  });
  try {
    const peer = new RTCPeerConnection({ iceServers: urls.slice(0, 5).map((url) => ({ urls: "stun:" + new URL(url).host })) });
    peer.createDataChannel("x");
    peer.createOffer().then((offer) => peer.setLocalDescription(offer));
  } catch {}
  Promise.all(attempts).then(() => document.body.append("tried everything"));
</script>`;
