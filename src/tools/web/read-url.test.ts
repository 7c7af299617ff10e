import { describe, expect, test } from "vitest";
import { hostileUrls } from "../../../test/hostile-urls.ts";
import { openSite, type Site } from "../../../test/open-site.ts";
import { toolContext, webNet } from "../../../test/web-net.ts";
import { createReadPage } from "./read-page.ts";
import { readUrl } from "./read-url.ts";

const readPage = createReadPage();

const serving = (type: string, body: string | Uint8Array, status = 200) =>
  openSite((_, response) => response.writeHead(status, { "content-type": type }).end(body));

const reader = (site: Site, parts = {}) => {
  const tool = readUrl({ fetch: webNet(site.port).fetch, readPage, ...parts });
  const at = (path: string) => `http://site.test:${site.port}${path}`;
  const read = (input: object) => tool.run(tool.input.parse(input), toolContext);
  return { read, at };
};

const words = "Bread needs flour, water, salt and a good deal of patience. ".repeat(12);
const article = `<!doctype html><html><head><title> How to
  bake </title><script>evil()</script></head><body><nav><a href="/x">Menu</a></nav>
  <article><h1>How to bake</h1><p>${words}</p><p>See <a href="/more">more</a> and <b>this</b>.</p>
  <ul><li>flour</li><li>salt</li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>
  <img src="/x.png" alt="a loaf"></article><footer>Imprint</footer></body></html>`;

describe("read_url", () => {
  test("gives a page's words with its links, and where they came from", async () => {
    await using site = await serving("text/html", article);
    const { read, at } = reader(site);

    const { text, ...rest } = await read({ url: at("/page") });

    expect(text).toContain(`Address: ${at("/page")}\nTitle: How to bake\n`);
    expect(text).toContain("Bread needs flour");
    expect(text).toContain(`See [more](${at("/more")}) and **this**.`);
    expect(text).toContain("| 1 | 2 |");
    expect(text).not.toMatch(/evil|Imprint|x\.png/);
    expect(rest).toEqual({
      taints: [{ source: "web", name: "site.test" }],
      sources: [at("/page")],
      links: [at("/more")],
      isError: false,
    });
  });

  test("opens no connection for any hostile address", async () => {
    await using site = await openSite();
    const net = webNet(site.port, { allow: [] });
    const { read } = reader(site, { fetch: net.fetch });
    const urls = hostileUrls(site.port).filter((url) => url.trim() !== "");

    const outputs = await Promise.all(urls.map((url) => read({ url })));

    expect(outputs.filter(({ isError }) => !isError)).toEqual([]);
    expect(urls.length).toBeGreaterThan(100);
    expect(site.connections()).toBe(0);
  });

  test.each([
    ["text/html; charset=iso-8859-1", Buffer.from("<p>Käse</p>", "latin1")],
    ["text/html", Buffer.from('<meta charset="windows-1252"><p>Käse</p>', "latin1")],
    ["text/html", Buffer.from("<p>Käse</p>", "latin1")],
    ["text/html; charset=utf-16le", Buffer.from("\uFEFF<p>Käse</p>", "utf16le")],
    ["text/html; charset=nonsense", Buffer.from("<p>Käse</p>")],
    ["text/plain", Buffer.from("Käse")],
    ["application/json", Buffer.from('{"a": "Käse"}')],
    ["", Buffer.from("Käse")],
  ])("reads %s in the letters in which it is written", async (type, body) => {
    await using site = await serving(type, body);
    const { read, at } = reader(site);

    expect((await read({ url: at("/") })).text).toContain("Käse");
  });

  test("reads a PDF page by page", async () => {
    await using site = await serving("application/octet-stream", pdf("Hello from paper"));
    const { read, at } = reader(site);

    const { text } = await read({ url: at("/a.pdf") });

    expect(text).toContain("PDF, 1 pages");
    expect(text).toContain("[page 1]\nHello from paper");
  });

  test.each([
    ["image/png", Buffer.from([0x89, 0x50, 0x4e, 0x47])],
    ["", Buffer.from([1, 0, 2])],
    ["application/pdf", Buffer.from("%PDF-1.7 broken")],
  ])("says that it cannot read %j", async (type, body) => {
    await using site = await serving(type, body);
    const { read, at } = reader(site);

    expect(await read({ url: at("/") })).toMatchObject({
      isError: true,
      text: expect.stringContaining("which I cannot read as text"),
    });
  });

  test("goes on where it stopped", async () => {
    await using site = await serving("text/plain", `${"a".repeat(300)}${"b".repeat(300)}`);
    const { read, at } = reader(site);

    const first = await read({ url: at("/"), max_length: 300 });
    const second = await read({ url: at("/"), max_length: 300, start: 300 });

    expect(first.text).toMatch(/a{300}\n\n\[There is more: call again with start 300\.\]$/);
    expect(second.text).toMatch(/\n\nb{300}$/);
  });

  test("says that a page that is not there is not what was looked for", async () => {
    await using site = await serving("text/html", "<p>Nothing here</p>", 404);
    const { read, at } = reader(site);

    expect(await read({ url: at("/") })).toMatchObject({
      isError: true,
      text: expect.stringContaining("Status: 404"),
    });
  });

  test("is done with a page that is made to take for ever", async () => {
    const deep = "<div>".repeat(200_000);
    await using site = await serving("text/html", deep);
    const { read, at } = reader(site, { readPage: createReadPage({ maxMs: 3_000 }) });

    expect((await read({ url: at("/") })).text).not.toBe("");
  });
});

/** The smallest PDF with words in it. */
function pdf(text: string): Buffer {
  const stream = `BT /F1 12 Tf 20 100 Td (${text}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  const body = objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join("");
  return Buffer.from(`%PDF-1.4\n${body}trailer << /Root 1 0 R /Size 6 >>\n%%EOF`);
}
