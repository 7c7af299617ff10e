import { globSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

/** The house, ground floor first. A room may use the floors below it and nothing beside or above it. */
const FLOORS: readonly (readonly string[])[] = [
  ["lib"],
  ["core"],
  ["agent", "memory"],
  [
    "llm",
    "store",
    "tools",
    "mcp",
    "sandbox",
    "files",
    "net",
    "discord",
    "mail",
    "web",
    "terminal",
    "telemetry",
    "backup",
  ],
  ["config"],
  ["app"],
  ["cli"],
  ["main"],
];
/** First-party MCP servers are programs of their own: nothing of the house but lib. */
const APART = "servers";
/** The one place that starts them. */
const STARTS_SERVERS = "src/cli/serve.ts";

const MAX_LINES = 300;

interface Source {
  readonly path: string;
  readonly room: string;
  readonly text: string;
}

const read = (pattern: string): readonly Source[] =>
  globSync(pattern).map((path) => ({ path, room: roomOf(path), text: readFileSync(path, "utf8") }));

/** `src/discord/gate.ts` and `src/config.ts` are in the rooms discord and config. */
const roomOf = (path: string): string => (path.split("/")[1] ?? "").replace(/\.ts$/, "");
const floorOf = (room: string): number => FLOORS.findIndex((rooms) => rooms.includes(room));
const isTest = ({ path }: Source): boolean => path.endsWith(".test.ts");

const everything = read("{src,test,bench,scripts}/**/*.ts");
const sources = read("src/**/*.ts").filter((source) => !isTest(source));

const imports = sources.flatMap(({ path, room, text }) =>
  [...text.matchAll(/(?:from|import)[\s(]*["'](\.[^"']+)["']/g)].map(([, target = ""]) => {
    const to = normalize(join(path, "..", target));
    return { path, room, to, toRoom: roomOf(to), isInSrc: to.startsWith("src/") };
  }),
);

const names = (found: readonly { readonly path: string }[]): readonly string[] =>
  found.map(({ path }) => path);

test("there is something to look at", () => {
  expect(everything.length).toBeGreaterThan(100);
  expect(sources.length).toBeGreaterThan(60);
  expect(imports.length).toBeGreaterThan(100);
});

describe("the plan", () => {
  test("every room is on it", () => {
    const strangers = sources.filter(({ room }) => room !== APART && floorOf(room) === -1);

    expect(names(strangers)).toEqual([]);
  });

  test("docs/ARCHITECTURE.md names every room, and the floors as they are", () => {
    const plan = readFileSync("docs/ARCHITECTURE.md", "utf8");
    const rooms = [...new Set(sources.map(({ room }) => room))].filter((room) => room !== APART);
    const chain = FLOORS.map((floor) => floor.filter((room) => rooms.includes(room)));

    const named = [...plan.matchAll(/^ {2}(\w+)(?:\/|\.ts)\s/gm)].map(([, room]) => room);
    const chains = [...plan.matchAll(/^lib -> .*$/gm)].map(([line]) => line.split(" -> "));

    expect(rooms.filter((room) => !named.includes(room))).toEqual([]);
    expect(chains.map((floors) => floors.map((floor) => floor.split(/,? /).toSorted()))).toEqual([
      chain.map((floor) => floor.toSorted()),
    ]);
  });

  test("every import goes down, or stays in its room", () => {
    const wrong = imports
      .filter(({ room, toRoom }) => room !== toRoom && room !== APART && toRoom !== APART)
      .filter(({ room, toRoom }) => floorOf(toRoom) >= floorOf(room));

    expect(wrong.map(({ path, to }) => `${path} -> ${to}`)).toEqual([]);
  });

  test("the servers and the house share nothing but lib", () => {
    const wrong = imports.filter(
      ({ room, toRoom }) =>
        room !== toRoom && ((room === APART && toRoom !== "lib") || toRoom === APART),
    );
    const others = wrong.filter(({ path }) => path !== STARTS_SERVERS);

    expect(others.map(({ path, to }) => `${path} -> ${to}`)).toEqual([]);
    expect(names(wrong)).toContain(STARTS_SERVERS);
  });

  test("the house imports no test part", () => {
    const wrong = imports.filter(({ isInSrc, to }) => !isInSrc && to.endsWith(".ts"));

    expect(wrong.map(({ path, to }) => `${path} -> ${to}`)).toEqual([]);
  });
});

/** Words that may stand in a few files only. Each must be found where it is allowed, or the rule looks at nothing. */
const RESERVED = [
  { word: /\bDate\.now\(/, what: "the time", allowed: ["src/core/clock.ts"] },
  { word: /\bMath\.random\b/, what: "chance", allowed: ["src/app.ts", "src/cli/this-program.ts"] },
  {
    word: /\bprocess\.env\b/,
    what: "the environment",
    allowed: ["src/cli/this-program.ts"],
  },
  { word: /\bprocess\.exit\(/, what: "the end", allowed: ["src/cli/this-program.ts"] },
] as const;

describe("what comes from outside is a dependency", () => {
  test.each(RESERVED)("$what comes from $allowed", ({ word, allowed }) => {
    const users = names(sources.filter(({ text }) => word.test(withoutComments(text))));

    expect(users.toSorted()).toEqual([...allowed].toSorted());
  });

  test("nobody writes to the console", () => {
    const wrong = sources.filter(({ text }) => /\bconsole\.\w+\(/.test(withoutComments(text)));

    expect(names(wrong)).toEqual([]);
  });
});

describe("files", () => {
  test(`have at most ${MAX_LINES} lines`, () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > MAX_LINES);

    expect(long).toEqual([]);
  });

  test("are no barrels: an index.ts is the front door of a room or of a provider", () => {
    const doors = names(sources.filter(({ path }) => path.endsWith("/index.ts")));

    expect(doors.filter((path) => !/^src\/(\w+|llm\/\w+)\/index\.ts$/.test(path))).toEqual([]);
  });

  test("do not replace modules in tests", () => {
    const tests = everything.filter(isTest);
    const own = "test/architecture.test.ts";
    const wrong = everything.filter(
      ({ path, text }) => path !== own && /\bvi\.(?:do)?mock\(/i.test(text),
    );

    expect(tests.length).toBeGreaterThan(10);
    expect(names(wrong)).toEqual([]);
  });
});

const withoutComments = (text: string): string =>
  text.replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
