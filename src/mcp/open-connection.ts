import {
  Client,
  SdkHttpError,
  type FetchLike,
  type ListChangedHandlers,
  type Transport,
} from "@modelcontextprotocol/client";
import { McpProblem } from "../core/mcp-control.ts";
import type { ToolContext } from "../core/tool.ts";
import type { AuthFor, ConnectionFor, ServerQuestions } from "./auth.ts";
import type { Connection } from "./connection.ts";
import { createLineRing, type LineRing } from "./line-ring.ts";
import { keepListening } from "./listening.ts";
import { MAX_PAGES, MAX_ROUNDS, PACES, REQUEST_TIMEOUT_MS } from "./limits.ts";
import { createPatience, type Patience } from "./patience.ts";
import { toProblem } from "./problems.ts";
import { sayComplete } from "./result-type.ts";
import type { RunningProgram } from "./program.ts";
import { StdioTransport } from "./stdio-transport.ts";
import { toConnection } from "./to-connection.ts";
import { createHttpTransport, type HttpLaunch } from "./transports.ts";
import { createValidator } from "./validator.ts";

export interface ConnectDeps {
  /** Starts the program of a server; only for those that have one. */
  readonly start: (
    connection: ConnectionFor,
    secrets: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) => Promise<RunningProgram>;
  /** The way out for servers of this owner. */
  readonly fetchFor: (connection: ConnectionFor) => FetchLike;
  readonly authFor: AuthFor;
  readonly questions: ServerQuestions | null;
  readonly elapsedMs: () => number;
  /** Of Clara. */
  readonly version: string;
}

export interface ConnectWish extends ConnectionFor {
  /** Values of what is secret, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
  /** For the question which revision it speaks, where it is a program. */
  readonly probeMs?: number;
  /** It is known to speak an older revision: the newest is not asked for. */
  readonly isOld: boolean;
  readonly onListChanged: () => void;
}

/** Connects, and agrees on a revision of the protocol. Throws McpProblem, or the signal's reason. */
export async function openConnection(
  deps: ConnectDeps,
  wish: ConnectWish,
  signal: AbortSignal,
): Promise<Connection> {
  signal.throwIfAborted();
  const { launch } = wish.server;
  if (launch.kind === "http") return await openOnTheWeb(deps, wish, launch, signal);
  try {
    return await openProgram(deps, wish, signal);
  } catch (error) {
    // Some servers of older revisions end when they are asked something before `initialize`.
    if (wish.isOld || !(error instanceof McpProblem) || !hasGone(error)) throw error;
    return await openProgram(deps, { ...wish, isOld: true }, signal);
  }
}

const hasGone = ({ kind, message }: McpProblem): boolean =>
  kind === "broken" && message.startsWith("Its program has gone");

async function openProgram(
  deps: ConnectDeps,
  wish: ConnectWish,
  signal: AbortSignal,
): Promise<Connection> {
  const aside = createLineRing();
  const program = await deps.start(wish, wish.secrets, signal);
  const transport = new StdioTransport(program, aside);
  return await connect(deps, wish, { transport, aside, stdio: transport }, signal);
}

/** Servers from before Streamable HTTP refuse its first request: then they are asked in the older way. */
async function openOnTheWeb(
  deps: ConnectDeps,
  wish: ConnectWish,
  launch: HttpLaunch,
  signal: AbortSignal,
): Promise<Connection> {
  const open = (transport: HttpLaunch["transport"]) => {
    const way = createHttpTransport(
      { fetch: deps.fetchFor(wish), auth: deps.authFor(wish), secrets: wish.secrets },
      { ...launch, transport },
    );
    const aside = createLineRing();
    return connect(deps, wish, { transport: way, aside, stdio: null }, signal);
  };
  try {
    return await open(launch.transport);
  } catch (error) {
    if (launch.transport === "sse" || !isUnknownWay(error)) throw error;
    return await open("sse").catch(() => {
      throw error;
    });
  }
}

const isUnknownWay = (error: unknown): boolean =>
  error instanceof McpProblem &&
  error.cause instanceof SdkHttpError &&
  (error.cause.status === 404 || error.cause.status === 405);

interface Way {
  readonly transport: Transport;
  readonly aside: LineRing;
  readonly stdio: StdioTransport | null;
}

async function connect(
  deps: ConnectDeps,
  wish: ConnectWish,
  way: Way,
  signal: AbortSignal,
): Promise<Connection> {
  const { transport, aside, stdio } = way;
  const calls = new Set<ToolContext>();
  const patience = createPatience(deps.elapsedMs);
  const client = createClient(deps, wish, calls, patience);
  client.setNotificationHandler("notifications/message", ({ params: { level, data } }) =>
    aside.add(`${level}: ${typeof data === "string" ? data : JSON.stringify(data)}`),
  );
  const { promise: ended, resolve: end } = Promise.withResolvers<McpProblem>();
  client.onclose = () => end(toProblem(new McpProblem("gone", "The connection has ended."), null));
  // Called before the library looks at it.
  transport.onmessage = (message) => {
    if (client.getProtocolEra() === "modern") sayComplete(message);
  };
  client.onerror = (error) => aside.add(`(client) ${error.message}`);
  const close = async () => {
    await client.close().catch(() => {});
    await transport.close().catch(() => {});
  };
  const onAbort = () => void close();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const prior = wish.isOld ? { prior: { kind: "legacy" as const } } : {};
    await client.connect(transport, { timeout: wish.timeoutMs, signal, ...prior });
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw toProblem(error, stdio?.fault ?? null);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  if (client.getServerCapabilities()?.logging && client.getProtocolEra() === "legacy")
    // It may know no levels: then it says what it likes.
    void client.setLoggingLevel("info", { timeout: REQUEST_TIMEOUT_MS }).catch(() => {});
  void keepListening(client, wish.onListChanged, ended);
  return toConnection(deps, wish.server, {
    client,
    aside,
    stdio,
    calls,
    patience,
    visit: async (pages, context) => (await deps.questions?.visit(wish, pages, context)) ?? false,
    close,
    ended,
  });
}

function createClient(
  { questions, version }: ConnectDeps,
  wish: ConnectWish,
  calls: ReadonlySet<ToolContext>,
  { hold }: Patience,
): Client {
  // How often lists are asked for is the owner's to decide: each change is told at once.
  const changed = { autoRefresh: false, debounceMs: 0, onChanged: wish.onListChanged };
  const listChanged: ListChangedHandlers = { tools: changed, prompts: changed };
  const client = new Client(
    { name: "clara", title: "Clara", version },
    {
      capabilities: questions?.capabilities(wish) ?? {},
      versionNegotiation: { mode: "auto", probe: { timeoutMs: toProbeMs(wish) } },
      jsonSchemaValidator: createValidator(),
      inputRequired: { maxRounds: MAX_ROUNDS },
      listMaxPages: MAX_PAGES,
      listChanged,
    },
  );
  const { server, holder } = wish;
  questions?.answer(client, { server, holder, calls: () => [...calls], hold });
  return client;
}

/** On the web nobody is taken for older because he is slow. */
const toProbeMs = ({ server, timeoutMs, probeMs = PACES.probeMs }: ConnectWish): number =>
  server.launch.kind === "stdio" ? Math.min(probeMs, timeoutMs) : timeoutMs;
