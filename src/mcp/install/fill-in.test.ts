import { expect, test } from "vitest";
import type { McpNeed, McpOffer } from "../../core/mcp-install.ts";
import { fillIn } from "./fill-in.ts";

const need = (name: string, more: Partial<McpNeed> = {}): McpNeed => ({
  name,
  description: "",
  isRequired: false,
  isSecret: false,
  fallback: null,
  ...more,
});

const program = (more: object, needs: readonly McpNeed[]): Pick<McpOffer, "launch" | "needs"> => ({
  needs,
  launch: {
    kind: "stdio",
    command: "node",
    args: [],
    cwd: null,
    env: {},
    secretEnv: [],
    isolation: "process",
    ...more,
  },
});

const address = (more: object, needs: readonly McpNeed[]): Pick<McpOffer, "launch" | "needs"> => ({
  needs,
  launch: {
    kind: "http",
    url: "https://x.test/mcp",
    transport: "streamable-http",
    headers: {},
    secretHeaders: [],
    auth: "owner",
    ...more,
  },
});

test("what holds a secret is kept apart as a whole; the rest stands in the row", () => {
  const offer = program(
    {
      args: ["{ORG}", "--config", '{"a":"{ORG}"}', "{UNKNOWN}"],
      env: { TOKEN: "{basic:PAT}", UNITS: "metric", LEVEL: "{LEVEL}", EMPTY: "{EMPTY}" },
    },
    [
      need("ORG", { isRequired: true }),
      need("PAT", { isSecret: true }),
      need("LEVEL", { fallback: "low" }),
      need("EMPTY"),
    ],
  );

  const filled = fillIn(offer, { ORG: 'a"b', PAT: "s3cret", EXTRA_KEY: "{PAT}", LEVEL: "" });

  expect(filled).toMatchObject({
    kind: "filled",
    launch: {
      args: ['a"b', "--config", '{"a":"a\\"b"}', "{UNKNOWN}"],
      env: { UNITS: "metric", LEVEL: "low" },
      secretEnv: ["TOKEN", "EXTRA_KEY"],
    },
    secrets: new Map([
      ["TOKEN", Buffer.from(":s3cret").toString("base64")],
      ["EXTRA_KEY", "{PAT}"],
    ]),
  });
});

test("what is missing is named, and what would be seen by others is refused", () => {
  const required = [need("KEY", { isRequired: true, isSecret: true })];

  expect(fillIn(program({}, required), { KEY: " " })).toEqual({
    kind: "refused",
    says: "It needs `KEY`.",
  });
  expect(fillIn(program({ args: ["--key={KEY}"] }, required), { KEY: "x" })).toMatchObject({
    says: expect.stringContaining("command line") as string,
  });
  expect(fillIn(address({ url: "https://x.test/{KEY}" }, required), { KEY: "x" })).toMatchObject({
    says: expect.stringContaining("in its address") as string,
  });
});

test.each([
  "PATH",
  "LD_PRELOAD",
  "NODE_OPTIONS",
  "BASH_ENV",
  "PYTHONPATH",
  "GIT_SSH",
  "npm_config_x",
  "DISCORD_BOT_TOKEN",
  "a b",
])("a server is not given %s", (name) => {
  expect(fillIn(program({}, []), { [name]: "x" })).toMatchObject({ kind: "refused" });
});

test("a value with a line break in it is refused without being told", () => {
  const filled = fillIn(program({}, []), { KEY: "s3cret\nPATH=/tmp" });

  expect(filled).toMatchObject({
    kind: "refused",
    says: expect.not.stringContaining("s3cret") as string,
  });
});

test("words in an address stay words, and never lead to another host", () => {
  const team = [need("team")];
  const within = fillIn(address({ url: "https://x.test/{team}/mcp" }, team), {
    team: "../@evil.test/?",
  });
  const host = fillIn(address({ url: "https://{team}/mcp" }, team), { team: "evil.test" });

  expect(within).toMatchObject({ launch: { url: "https://x.test/..%2F%40evil.test%2F%3F/mcp" } });
  expect(host).toMatchObject({ kind: "refused" });
});

test("a key that is sent takes the place of a sign-in, and headers of the connection are its own", () => {
  const offer = address({ headers: { Authorization: "{Authorization}" } }, [
    need("Authorization", { isSecret: true }),
  ]);

  expect(fillIn(offer, { Authorization: "Bearer x" })).toMatchObject({
    launch: { auth: "none", headers: {}, secretHeaders: ["Authorization"] },
  });
  expect(fillIn(offer, {})).toMatchObject({
    launch: { auth: "owner", headers: {}, secretHeaders: [] },
  });
  expect(fillIn(offer, { Host: "x" })).toMatchObject({ kind: "refused" });
  expect(fillIn(offer, { "Mcp-Session-Id": "x" })).toMatchObject({ kind: "refused" });
});
