import assert from "node:assert/strict";
import { expect, test } from "vitest";
import { openSources } from "../../../test/emulators/mcp-sources/index.ts";
import { share } from "../../../test/open-test-store.ts";
import type { McpWish } from "../../core/mcp-install.ts";
import { look } from "./look.ts";
import { PRESETS } from "./presets.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const sources = share(openSources);
const signal = new AbortController().signal;
const DIGEST = `sha256:${"b".repeat(64)}`;
const COMMIT = "c".repeat(40);

const looking = (wish: Partial<McpWish>, { hasDocker = false, isOperator = false } = {}) =>
  look(
    {
      fetch: sources().fetch,
      now: () => NOW,
      upstreams: sources().upstreams,
      smitheryKey: "key-of-smithery",
      githubToken: null,
      program: ["node", "/clara/main.ts"],
      hasDocker: async () => hasDocker,
      presets: PRESETS,
      nodeImage: "node:24-slim",
    },
    { source: "", name: null, isolation: null, args: [], ...wish },
    isOperator,
    signal,
  );

async function offerOf(...wish: Parameters<typeof looking>) {
  const looked = await looking(...wish);
  assert(looked.kind === "offer", looked.kind === "refused" ? looked.says : "");
  return looked.offer;
}

const manifest = (name: string, more: object = {}) => ({
  name,
  version: "1.0.0",
  bin: { [name.split("/").at(-1) ?? name]: "index.js" },
  repository: { url: `git+https://github.com/maker/${name}.git` },
  description: "Does `things`\n@everyone",
  ...more,
});

test("a package of npm is shown with its version, its integrity and the exact commands, and nothing is fetched of it", async () => {
  await sources().npm.publish({ manifest: manifest("@maker/notes-mcp") });
  await sources().npm.publish({ manifest: manifest("@maker/notes-mcp", { version: "1.4.2" }) });
  const { npm } = sources().upstreams;

  const offer = await offerOf({ source: "@maker/notes-mcp@1.4", args: ["--safe"] });

  assert(offer.source.kind === "npm");
  expect(offer).toMatchObject({
    name: "notes",
    description: "Does things everyone",
    source: { version: "1.4.2", before: "2026-11-18T00:00:00.000Z" },
    launch: {
      command: "node",
      args: ["node_modules/@maker/notes-mcp/index.js", "--safe"],
      isolation: "process",
    },
  });
  expect(offer.facts).toContainEqual(["Integrity", offer.source.integrity]);
  expect(offer.facts).toContainEqual(["Maintainers", "maker"]);
  expect(offer.commands.map((words) => words.join(" "))).toEqual([
    `npm install @maker/notes-mcp@1.4.2 --package-lock-only --save-exact --ignore-scripts --omit=dev --engine-strict --no-bin-links --no-audit --no-fund --no-update-notifier --globalconfig=/dev/null --before=2026-11-18T00:00:00.000Z --registry=${npm}`,
    `npm ci --ignore-scripts --omit=dev --engine-strict --no-bin-links --no-audit --no-fund --no-update-notifier --globalconfig=/dev/null --registry=${npm}`,
    "node node_modules/@maker/notes-mcp/index.js --safe",
  ]);
  expect(offer.risks.join(" ")).toContain("all rights of the user");
  expect(sources().npm.fetched).toEqual([]);
});

test("where there is Docker, a program runs in a container unless a person says otherwise", async () => {
  await sources().npm.publish({ manifest: manifest("boxed-mcp") });

  const inside = await offerOf({ source: "boxed-mcp" }, { hasDocker: true });
  const outside = await offerOf({ source: "boxed-mcp", isolation: "process" }, { hasDocker: true });

  expect(inside.launch).toMatchObject({ isolation: "container" });
  expect(inside.commands.at(-1)?.join(" ")).toMatch(
    /^docker run .*--cap-drop=ALL .*node:24-slim node \/srv\/node_modules\/boxed-mcp\/index\.js$/,
  );
  expect(outside.launch).toMatchObject({ isolation: "process" });
  expect(await looking({ source: "boxed-mcp", isolation: "container" })).toMatchObject({
    kind: "refused",
    says: expect.stringContaining("no Docker") as string,
  });
});

test("what should make one think twice is said of a package", async () => {
  await sources().npm.publish({
    manifest: manifest("tavlly-mcp", {
      repository: undefined,
      scripts: { postinstall: "node steal.js" },
    }),
    publishedAt: "2026-11-24T12:00:00.000Z",
    said: { deprecated: "use another" },
  });

  const { risks, source } = await offerOf({ source: "tavlly-mcp" });

  const all = risks.join("\n");
  expect(all).toContain("looks like `tavily-mcp`");
  expect(all).toContain("This version is younger than 7 days");
  expect(all).toContain("The package is younger than 30 days");
  expect(all).toContain('deprecated: "use another"');
  expect(all).toContain("install scripts. They are not run");
  expect(all).toContain("names no repository");
  // What it needs may be as young as itself, and no younger.
  expect(source).toMatchObject({ before: "2026-11-24T12:01:00.000Z" });
});

test("a package that cannot be what was meant is refused in words", async () => {
  const { npm } = sources();
  await npm.publish({ manifest: manifest("gone-mcp"), isUnpublished: true });
  await npm.publish({ manifest: manifest("part-mcp") });
  await npm.publish({ manifest: manifest("part-mcp", { version: "1.0.1" }), isUnpublished: true });
  await npm.publish({ manifest: manifest("old-mcp", { engines: { node: ">=99" } }) });
  await npm.publish({ manifest: manifest("library", { bin: undefined }) });
  await npm.publish({
    manifest: manifest("huge-mcp"),
    said: { dist: { integrity: "sha512-x", unpackedSize: 5e8 } },
  });
  await npm.publish({ manifest: manifest("bare-mcp"), said: { dist: {} } });
  await npm.publish({
    manifest: manifest("climbing-mcp"),
    said: { bin: { x: "../../../bin/sh" } },
  });

  const says = async (source: string) => {
    const looked = await looking({ source });
    return looked.kind === "refused" ? looked.says : "";
  };

  expect(await says("never-there-mcp")).toContain("npm has no package");
  expect(await says("gone-mcp")).toContain("was taken back");
  expect(await says("part-mcp@1.0.1")).toContain("was taken back by npm or its makers");
  expect(await says("part-mcp@9.9.9")).toContain("has no version");
  expect(await says("old-mcp")).toMatch(/wants Node\.js >=99/);
  expect(await says("library")).toContain("no program that could be started");
  expect(await says("huge-mcp")).toContain("larger than 300 MB");
  expect(await says("bare-mcp")).toContain("does not say how");
  expect(await says("climbing-mcp")).toContain("no program that could be started");
});

test("an entry of the MCP registry brings its package, its arguments and the keys that it needs", async () => {
  await sources().npm.publish({ manifest: manifest("@maker/weather") });
  sources().shelves.registry.set("io.github.maker/weather", {
    server: {
      name: "io.github.maker/weather",
      description: "Tells the weather",
      version: "1.0.0",
      packages: [
        {
          registryType: "npm",
          identifier: "@maker/weather",
          version: "1.0.0",
          transport: { type: "stdio" },
          packageArguments: [
            { type: "named", name: "--city", isRequired: true, description: "Where" },
          ],
          environmentVariables: [
            { name: "WEATHER_KEY", isRequired: true, isSecret: true, description: "A key" },
            { name: "UNITS", value: "metric" },
          ],
        },
      ],
    },
    _meta: {
      "io.modelcontextprotocol.registry/official": {
        status: "deprecated",
        publishedAt: "2026-11-24T00:00:00Z",
      },
    },
  });

  const offer = await offerOf({ source: "io.github.maker/weather" });

  expect(offer).toMatchObject({
    name: "weather",
    source: { kind: "npm", package: "@maker/weather" },
    launch: {
      args: ["node_modules/@maker/weather/index.js", "--city={city}"],
      env: { WEATHER_KEY: "{WEATHER_KEY}", UNITS: "metric" },
    },
    needs: [
      { name: "WEATHER_KEY", isSecret: true, isRequired: true },
      { name: "city", isSecret: false, isRequired: true },
    ],
  });
  expect(offer.risks.join(" ")).toMatch(
    /calls it deprecated.*younger than 7 days.*names no repository/,
  );
});

test("an entry that would change what a program is, or that was taken out, is refused", async () => {
  const entry = (name: string, more: object, meta: object = {}) =>
    sources().shelves.registry.set(name, {
      server: { name, description: "x", version: "1", ...more },
      _meta: { "io.modelcontextprotocol.registry/official": meta },
    });
  const npm = { registryType: "npm", identifier: "@maker/weather", transport: { type: "stdio" } };
  entry("com.bad/preload", {
    packages: [{ ...npm, environmentVariables: [{ name: "NODE_OPTIONS", value: "--require x" }] }],
  });
  entry("com.bad/deleted", { packages: [npm] }, { status: "deleted" });
  entry("com.bad/python", { packages: [{ ...npm, registryType: "pypi" }] });
  entry("com.bad/host", { remotes: [{ type: "streamable-http", url: "https://{host}/mcp" }] });
  entry("com.bad/header", {
    remotes: [{ type: "streamable-http", url: "https://x.test/mcp", headers: [{ name: "Host" }] }],
  });

  expect(await looking({ source: "com.bad/preload" })).toMatchObject({
    says: expect.stringContaining("NODE_OPTIONS") as string,
  });
  expect(await looking({ source: "com.bad/deleted" })).toMatchObject({
    says: expect.stringContaining("taken out") as string,
  });
  expect(await looking({ source: "com.bad/python" })).toMatchObject({
    says: expect.stringContaining("only as pypi") as string,
  });
  expect(await looking({ source: "com.bad/host" })).toMatchObject({
    says: expect.stringContaining("no address") as string,
  });
  expect(await looking({ source: "com.bad/header" })).toMatchObject({
    says: expect.stringContaining("Host") as string,
  });
});

test("a server on the web comes from the registry with the headers that it wants", async () => {
  sources().shelves.registry.set("com.example/remote", {
    server: {
      name: "com.example/remote",
      description: "Far away",
      version: "2",
      remotes: [
        {
          type: "streamable-http",
          url: "https://mcp.example.com/{team}/mcp",
          variables: { team: { isRequired: true } },
          headers: [
            {
              name: "X-Key",
              value: "Key {token}",
              variables: { token: { isSecret: true, isRequired: true } },
            },
          ],
        },
      ],
    },
  });

  const offer = await offerOf({ source: "com.example/remote" });

  expect(offer).toMatchObject({
    source: { kind: "url" },
    launch: {
      kind: "http",
      url: "https://mcp.example.com/{team}/mcp",
      headers: { "X-Key": "Key {token}" },
    },
    needs: [{ name: "team" }, { name: "token", isSecret: true }],
    commands: [],
  });
});

test("Smithery's servers run there after a sign-in, or here by its own pinned program", async () => {
  const { npm, shelves } = sources();
  await npm.publish({
    manifest: {
      ...manifest("@smithery/cli", { version: "4.11.1" }),
      bin: { smithery: "dist/index.js" },
    },
  });
  const property = (type: string, more = {}) => ({ type, ...more });
  shelves.smithery.set("maker/notes", {
    qualifiedName: "maker/notes",
    displayName: "Notes",
    description: "Keeps notes",
    security: { scanPassed: false },
    connections: [
      { type: "http", deploymentUrl: "https://notes.run.tools" },
      {
        type: "stdio",
        configSchema: { properties: { folder: property("string") }, required: ["folder"] },
      },
    ],
  });
  shelves.smithery.set("maker/keyed", {
    qualifiedName: "maker/keyed",
    connections: [{ type: "stdio", configSchema: { properties: { apiKey: property("string") } } }],
  });

  const hosted = await offerOf({ source: "smithery-hosted:maker/notes" });
  const local = await offerOf({ source: "smithery:maker/notes" });

  expect(hosted).toMatchObject({
    source: { kind: "smithery-hosted", name: "maker/notes" },
    launch: { kind: "http", url: "https://server.smithery.ai/maker/notes", auth: "owner" },
  });
  expect(hosted.risks.join(" ")).toContain("own scan found something wrong");
  expect(shelves.headers.get("smithery")?.authorization).toBe("Bearer key-of-smithery");
  expect(local).toMatchObject({
    source: { kind: "smithery", cliVersion: "4.11.1" },
    launch: {
      args: [
        "node_modules/@smithery/cli/dist/index.js",
        "run",
        "maker/notes",
        "--config",
        '{"folder":"{folder}"}',
      ],
    },
  });
  expect(local.risks.join(" ")).toContain("only that program is pinned");
  expect(await looking({ source: "smithery:maker/keyed" })).toMatchObject({
    says: expect.stringContaining("command line") as string,
  });
  expect(await looking({ source: "smithery:maker/none" })).toMatchObject({
    says: expect.stringContaining("Smithery has no") as string,
  });
});

test("a repository is taken at one commit when its program is in it as it runs", async () => {
  const { github } = sources().shelves;
  const about = {
    full_name: "maker/tools",
    default_branch: "main",
    created_at: "2026-11-20T00:00:00Z",
    fork: true,
    archived: true,
  };
  const json = JSON.stringify;
  const built = { "package.json": json({ name: "tools", bin: "./server.js" }), "server.js": "" };
  github.set("maker/tools", { about, commit: COMMIT, files: built });
  github.set("maker/unbuilt", {
    about,
    commit: COMMIT,
    files: { "package.json": json({ name: "unbuilt", bin: "dist/x.js" }) },
  });
  github.set("maker/many", {
    about,
    commit: COMMIT,
    files: { "src/a/package.json": "{}", "src/b/package.json": "{}" },
  });
  github.set("maker/python", { about, commit: COMMIT, files: { "pyproject.toml": "" } });
  github.set("maker/loose", {
    about,
    commit: COMMIT,
    files: { ...built, "package.json": json({ bin: "server.js", dependencies: { x: "*" } }) },
  });
  github.set("maker/modules", { about, commit: COMMIT, files: built, modes: { other: "160000" } });
  github.set("maker/linked", {
    about,
    commit: COMMIT,
    files: { "package.json": built["package.json"] },
    modes: { "server.js": "120000" },
  });

  const offer = await offerOf({ source: "maker/tools" });
  const says = async (source: string) => {
    const looked = await looking({ source });
    return looked.kind === "refused" ? looked.says : "";
  };

  expect(offer).toMatchObject({
    name: "tools",
    source: { kind: "github", repository: "maker/tools", commit: COMMIT, subfolder: null },
    launch: { command: "node", args: ["server.js"] },
  });
  expect(offer.commands.at(1)?.join(" ")).toContain("core.hooksPath=/dev/null");
  expect(offer.risks.join(" ")).toMatch(/younger than 30 days.*given it up.*copy \(fork\)/);
  expect(await says("maker/none")).toContain("GitHub has no");
  expect(await says("maker/unbuilt")).toMatch(/would have to be built first.*npm:unbuilt/);
  expect(await says("maker/many")).toContain("`maker/many/src/a`, `maker/many/src/b`");
  expect(await says("maker/python")).toContain("written in Python");
  expect(await says("maker/loose")).toContain("no package-lock.json");
  expect(await says("maker/modules")).toContain("submodules");
  expect(await says("maker/linked")).toContain("would have to be built");
});

test("an image is pinned by the digest that its registry gives, and is nothing without Docker", async () => {
  sources().shelves.images.set("mcp/fetch:1.2", DIGEST);

  const offer = await offerOf({ source: "docker:mcp/fetch:1.2" }, { hasDocker: true });

  expect(offer).toMatchObject({ source: { kind: "docker", image: "mcp/fetch", digest: DIGEST } });
  expect(offer.commands.map((words) => words.join(" "))).toEqual([
    `docker pull --quiet mcp/fetch@${DIGEST}`,
    expect.stringMatching(
      /^docker run --rm .*--read-only .*--cap-drop=ALL .*mcp\/fetch@sha256:b+$/,
    ) as string,
  ]);
  expect(offer.risks.join(" ")).toContain("No digest was named");
  expect(await looking({ source: "docker:mcp/fetch:1.2" })).toMatchObject({
    says: expect.stringContaining("no Docker") as string,
  });
  expect(await looking({ source: "docker:mcp/none" }, { hasDocker: true })).toMatchObject({
    says: expect.stringContaining("There is no image") as string,
  });
});

test("folders of the machine are for whoever runs it, and first-party servers are this very program", async () => {
  const refused = await looking({ source: "/etc" });
  const own = await offerOf({ source: "qontak" });
  const path = await offerOf({ source: `${import.meta.dirname}/look.ts` }, { isOperator: true });

  expect(refused).toMatchObject({
    says: expect.stringContaining("Only whoever runs me") as string,
  });
  expect(own).toMatchObject({
    source: { kind: "first-party", name: "qontak" },
    launch: { command: "node", args: ["/clara/main.ts", "serve", "qontak"] },
    needs: [
      { name: "QONTAK_REFRESH_TOKEN", isSecret: true },
      { name: "QONTAK_HMAC_CLIENT_ID", isSecret: false },
      { name: "QONTAK_HMAC_CLIENT_SECRET", isSecret: true },
    ],
  });
  expect(path.launch).toMatchObject({
    command: "node",
    isolation: "process",
    cwd: import.meta.dirname,
  });
  expect(await looking({ source: "/never/there" }, { isOperator: true })).toMatchObject({
    says: expect.stringContaining("There is no `/never/there`") as string,
  });
});

test("a preset knows its maker's server, its arguments and its keys", async () => {
  await sources().npm.publish({
    manifest: manifest("@azure-devops/mcp", { bin: { "mcp-server-azuredevops": "dist/index.js" } }),
  });

  const github = await offerOf({ source: "github" });
  const azure = await offerOf({ source: "azure_devops" });

  expect(github).toMatchObject({
    launch: {
      kind: "http",
      url: "https://api.githubcopilot.com/mcp/",
      headers: { Authorization: "Bearer {GITHUB_TOKEN}" },
    },
  });
  expect(azure).toMatchObject({
    name: "azure_devops",
    launch: {
      args: [
        "node_modules/@azure-devops/mcp/dist/index.js",
        "{AZURE_DEVOPS_ORG}",
        "--authentication",
        "pat",
      ],
      env: { PERSONAL_ACCESS_TOKEN: "{basic:AZURE_DEVOPS_PAT}" },
    },
  });
});
