import { expect, test } from "vitest";
import { parseSource } from "./parse-source.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

test.each([
  ["@scope/pkg@1.2.3", { kind: "npm", package: "@scope/pkg", version: "1.2.3" }],
  ["@scope/pkg", { kind: "npm", package: "@scope/pkg", version: null }],
  ["tavily-mcp", { kind: "npm", package: "tavily-mcp", version: null }],
  ["tavily-mcp@1.2", { kind: "npm", package: "tavily-mcp", version: "1.2" }],
  ["npm:kledo@latest", { kind: "npm", package: "kledo", version: "latest" }],
  [
    "https://www.npmjs.com/package/@scope/pkg/v/1.0.0",
    { kind: "npm", package: "@scope/pkg", version: "1.0.0" },
  ],
  ["kledo", { kind: "first-party", name: "kledo" }],
  ["cegid-y2", { kind: "first-party", name: "cegid-y2" }],
  ["github", { kind: "preset", name: "github" }],
  ["smithery:exa", { kind: "smithery", name: "exa" }],
  ["smithery:@owner/server", { kind: "smithery", name: "@owner/server" }],
  ["smithery-hosted:@owner/server", { kind: "smithery-hosted", name: "@owner/server" }],
  [
    "https://server.smithery.ai/owner/server/mcp",
    { kind: "smithery-hosted", name: "owner/server" },
  ],
  ["owner/repo", { kind: "github", repository: "owner/repo", ref: null, subfolder: null }],
  [
    "owner/repo/src/files",
    { kind: "github", repository: "owner/repo", ref: null, subfolder: "src/files" },
  ],
  ["owner/repo@v1.0", { kind: "github", repository: "owner/repo", ref: "v1.0", subfolder: null }],
  [
    "https://github.com/owner/repo.git",
    { kind: "github", repository: "owner/repo", ref: null, subfolder: null },
  ],
  [
    "https://github.com/owner/repo/tree/main/packages/one",
    { kind: "github", repository: "owner/repo", ref: "main", subfolder: "packages/one" },
  ],
  [
    "github.com/owner/repo",
    { kind: "github", repository: "owner/repo", ref: null, subfolder: null },
  ],
  [
    "ghcr.io/owner/image:1.2",
    { kind: "docker", image: "ghcr.io/owner/image", tag: "1.2", digest: null },
  ],
  [`mcp/fetch@${DIGEST}`, { kind: "docker", image: "mcp/fetch", tag: null, digest: DIGEST }],
  ["docker:mcp/fetch", { kind: "docker", image: "mcp/fetch", tag: null, digest: null }],
  [
    "docker:localhost:5000/fetch:2",
    { kind: "docker", image: "localhost:5000/fetch", tag: "2", digest: null },
  ],
  ["/srv/server.js", { kind: "path", path: "/srv/server.js" }],
  ["./server", { kind: "path", path: "./server" }],
  ["~/server", { kind: "path", path: "~/server" }],
  [
    "https://mcp.example.com/mcp?team=1",
    { kind: "url", url: "https://mcp.example.com/mcp?team=1" },
  ],
  ["http://127.0.0.1:3000/mcp", { kind: "url", url: "http://127.0.0.1:3000/mcp" }],
  ["io.github.owner/server", { kind: "registry", name: "io.github.owner/server", version: null }],
  ["registry:com.example/x@1.0.0", { kind: "registry", name: "com.example/x", version: "1.0.0" }],
])("%s is understood", (written, source) => {
  expect(parseSource(written, ["github"])).toEqual({ kind: "source", source });
});

test.each([
  ["", /where the server comes from/],
  ["   ", /where the server comes from/],
  ["a".repeat(401), /longer than/],
  ["--upload-pack=touch", /dash/],
  ["owner/repo --upload-pack=touch", /white space/],
  ["owner/repo@--upload-pack=x", /no branch/],
  ["owner/repo@a..b", /no branch/],
  ["ssh://-oProxyCommand=x/y", /GitHub alone/],
  ["git@github.com:owner/repo", /.+/],
  ["git+ssh://git@github.com/owner/repo", /GitHub alone/],
  ["file:///etc/passwd", /GitHub alone/],
  ["javascript:alert(1)", /.+/],
  ["javascript:x", /begins with/],
  ["data:text/html,x", /begins with/],
  ["https://user:pass@example.com/mcp", /name and password/],
  ["http://example.com/mcp", /Without https/],
  ["https://example.com/$(id)", /sign that no source has/],
  ["pkg;rm", /sign that no source has/],
  ["pkg`id`", /sign that no source has/],
  ["smithery:../../etc", /no name at Smithery/],
  ["smithery:owner/../x", /no name at Smithery/],
  ["smithery-hosted:a/b/c", /no name at Smithery/],
  ["owner/repo/../..", /no folder/],
  ["owner/repo/./x", /no folder/],
  ["owner/repo/-x", /no folder/],
  ["owner/..", /no repository/],
  ["-owner/repo", /dash/],
  ["@scope/../x", /no name of an npm package/],
  ["@Scope/pkg", /no name of an npm package/],
  ["@modelcontextprotocol/server-filesyst\u0435m", /plain ASCII/],
  ["tavily\u200bmcp", /plain ASCII/],
  ["pkg@^1.0.0", /no version/],
  ["pkg@npm:other", /.+/],
  ["ghcr.io/Owner/Image", /no image/],
  ["docker:mcp/../x", /no image/],
  ["mcp/fetch@sha256:abc", /A digest is/],
  ["docker:-v=/:/host", /no image/],
  ["~root/x", /whole path/],
  ["localhost:3000/mcp", /begins with/],
  ["127.0.0.1/mcp", /whole address/],
])("%s is refused in words", (written, says) => {
  const parsed = parseSource(written);

  expect(parsed).toEqual({ kind: "refused", says: expect.stringMatching(says) as string });
});
