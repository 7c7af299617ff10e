import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { describe, expect, onTestFinished, test } from "vitest";
import { openBrowser, whyNoBrowser } from "../../../test/open-browser.ts";
import { openGoogle } from "../../../test/open-google.ts";
import { openEmbeddedStore } from "../../../test/open-test-store.ts";
import { newDm, newName } from "../../../test/talk.ts";

describe.skipIf(whyNoBrowser !== null)(`Chromium (${whyNoBrowser ?? "there"})`, () => {
  test("goes from the page to Google and back: its rules let the form through, and the cookie comes along", async () => {
    const server = createServer((request, response) => void listen(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await using store = await openEmbeddedStore();
    // To a browser these two are different sites, as Clara and Google are.
    await using google = await openGoogle(store, {
      window: `http://localhost:${port}`,
      host: "127.0.0.1",
    });
    google.state.asksPerson = true;
    const listen = getRequestListener(google.app.fetch);
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    await using browser = await openBrowser();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => void complaints.push(message.text()));

    await page.goto(await google.connection.link(scope));
    await page.getByRole("button", { name: "Yes, that is me" }).click();
    await page.getByRole("link", { name: "Allow" }).click();
    await page.getByRole("heading", { name: "Connected" }).waitFor();

    expect(await page.locator("main").innerText()).toContain("ana@example.com");
    expect(await google.connection.status(scope)).toMatchObject({ kind: "connected" });
    expect(await page.context().cookies(`http://localhost:${port}/oauth/google/`)).toEqual([]);
    expect(complaints.filter((text) => /refused|policy/i.test(text))).toEqual([]);
    await page.close();
  });
});
