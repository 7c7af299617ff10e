/**
 * The client that @modelcontextprotocol/conformance drives: one scenario a process, through the connection and the sign-in
 * of src/mcp. Its last argument is the server's address.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { systemClock } from "../../src/core/clock.ts";
import { conversationId, userId } from "../../src/core/ids.ts";
import type { McpAnswer, McpQuestion } from "../../src/core/mcp-questions.ts";
import { aloneScope } from "../../src/core/principal.ts";
import { createSealedRecords } from "../../src/core/sealed-records.ts";
import { pause } from "../../src/lib/pause.ts";
import { createAuthFor } from "../../src/mcp/oauth/auth-for.ts";
import { createCredentials } from "../../src/mcp/oauth/credentials.ts";
import { clientsSchema, credentialsSchema } from "../../src/mcp/oauth/kept.ts";
import { createSignIn } from "../../src/mcp/oauth/sign-in.ts";
import { createTokens } from "../../src/mcp/oauth/tokens.ts";
import { McpProblem } from "../../src/core/mcp-control.ts";
import { createServerQuestions } from "../../src/mcp/questions/server-questions.ts";
import { openConnection } from "../../src/mcp/open-connection.ts";
import { createNet } from "../../src/net/index.ts";
import { createFakeAsker } from "../fake-asker.ts";
import { newMcpServer } from "../mcp-rows.ts";
import { inMemorySignIns } from "./in-memory-sign-ins.ts";

const WINDOW = "http://localhost:3000";
/** As the suite has it for clients that describe themselves. */
const DOCUMENT = "https://conformance-test.local/client-metadata.json";
const MAX_SIGN_INS = 6;

const wantedCall = z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) });

const url = process.argv.at(-1) ?? "";
const scenario = process.env["MCP_CONFORMANCE_SCENARIO"] ?? "";
const given: unknown = JSON.parse(process.env["MCP_CONFORMANCE_CONTEXT"] ?? "{}");
const signal = AbortSignal.timeout(100_000);
const person = userId("discord:1");
const scope = aloneScope("discord", person);
const createId = randomUUID;

const server = {
  ...newMcpServer({
    owner: { kind: "person", userId: person },
    launch: {
      kind: "http",
      url,
      transport: "streamable-http",
      headers: {},
      secretHeaders: [],
      auth: scenario.startsWith("auth/") ? "person" : "none",
    },
  }),
  revision: 0,
  access: [],
  status: { state: "starting", detail: null, since: new Date(0) } as const,
};
const holder = server.owner;
const asked = { scope, server, isManager: true };

const net = createNet(
  { clock: systemClock, createSecret: createId },
  { fetchAllow: ["localhost", "127.0.0.1"] },
);
const kept = inMemorySignIns();
const records = { ...kept, createId, pause, busy: () => new Error("busy") };
const deps = {
  ...kept,
  credentials: createSealedRecords(records, credentialsSchema),
  clients: createSealedRecords(records, clientsSchema),
  clock: systemClock,
  fetchFor: () => net.fetch,
  servers: { byId: async () => server },
  page: {
    name: "Clara",
    documentUrl: DOCUMENT,
    documentRedirectUri: `${WINDOW}/oauth/mcp/callback`,
  },
  createSecret: () => randomBytes(32).toString("base64url"),
  onChange: async () => {},
  off: null,
};
const signIn = createSignIn(deps, { windowUrl: WINDOW, localUrl: WINDOW });
const authFor = createAuthFor(createTokens(deps));
const questions = createServerQuestions({
  ask: async (_, question) => filledIn(question),
  asker: createFakeAsker("Words."),
  questions: { placeOf: async () => null },
  rules: { of: async () => [] },
  workspaceOf: null,
});

await enterClient();
await talk();

/** A client that was registered by hand, where the scenario gives one. */
async function enterClient(): Promise<void> {
  if (typeof given !== "object" || given === null || !("client_id" in given)) return;
  const described = await fetch(new URL("/.well-known/oauth-protected-resource/mcp", url));
  const { authorization_servers: issuers } = (await described.json()) as {
    authorization_servers: readonly string[];
  };
  await createCredentials(deps).setClient(asked, {
    issuer: issuers[0] ?? "",
    clientId: String(given.client_id),
    clientSecret: "client_secret" in given ? String(given.client_secret) : null,
  });
}

/** Connects, asks for the tools and calls each; signs in as often as the server wants it, within a bound. */
async function talk(): Promise<void> {
  for (let attempt = 0; attempt < MAX_SIGN_INS; attempt++)
    try {
      return await callEverything();
    } catch (error) {
      if (!(error instanceof McpProblem) || error.kind !== "needs-sign-in") throw error;
      await goThroughBrowser();
    }
  throw new Error("The server wanted too many sign-ins.");
}

async function callEverything(): Promise<void> {
  await using connection = await openConnection(
    {
      start: () => Promise.reject(new Error("no program")),
      fetchFor: () => fetch,
      authFor,
      questions,
      elapsedMs: systemClock.elapsedMs,
      version: "1.0.0",
    },
    {
      server,
      holder,
      secrets: new Map(),
      timeoutMs: 60_000,
      isOld: false,
      onListChanged: () => {},
    },
    signal,
  );
  for (const tool of await connection.listTools(signal))
    for (const input of inputsOf(tool.name))
      await connection.call(tool, input, { scope, conversationId: conversationId("x"), signal });
}

/** As the scenario says, or the same for each. */
function inputsOf(name: string): readonly Readonly<Record<string, unknown>>[] {
  const { toolCalls } = z.object({ toolCalls: z.array(wantedCall).optional() }).parse(given);
  if (toolCalls === undefined) return [{ a: 5, b: 3 }];
  return toolCalls.filter((each) => each.name === name).map((each) => each.arguments);
}

/** As a person who sends a form as it comes, and fills in what is empty. */
function filledIn(question: McpQuestion): McpAnswer {
  const fields = question.kind === "form" ? question.fields : [];
  const values = fields.map(({ name, initial, type, choices }) => [
    name,
    initial || (type === "boolean" ? "yes" : (choices[0]?.value ?? (type === "text" ? "x" : "1"))),
  ]);
  return { kind: "accepted", values: Object.fromEntries(values) as Record<string, string> };
}

/** As a person would who agrees to everything. */
async function goThroughBrowser(): Promise<void> {
  const started = await signIn.start(asked, signal);
  if (started.kind !== "link") throw new Error(JSON.stringify(started));
  const key = signIn.newKey();
  const link = started.url.split("/").at(-1) ?? "";
  const address = await signIn.begin(link, signIn.challengeOf(key));
  const response = await fetch(address ?? "", { redirect: "manual" });
  const back = new URL(response.headers.get("location") ?? "about:blank").searchParams;
  const answer = { kind: "code", code: back.get("code") ?? "", issuer: back.get("iss") } as const;
  const ended = await signIn.finish({ state: back.get("state") ?? "", key, answer }, signal);
  if (ended.kind !== "signed-in") throw new Error(JSON.stringify(ended));
}
