import {
  isInitializeRequest,
  isLegacyRequest,
  readRequestBody,
  WebStandardStreamableHTTPServerTransport,
  type AuthInfo,
  type McpServerFactory,
} from "@modelcontextprotocol/server";
import { createEventStore } from "./event-store.ts";

/** With more, whoever was quiet for longest has to begin anew. */
const MAX_SESSIONS = 1_000;
const IDLE_MS = 30 * 60_000;
const RETRY_MS = 1_000;
const ID = "mcp-session-id";

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** Who began it: nobody else goes on with it. */
  readonly owner: string;
  lastUsedAt: number;
}

export interface Sessions {
  /** The answer to a request of the protocol of 2025 that belongs to a session or begins one; null for any other. */
  readonly serve: (request: Request, auth: AuthInfo) => Promise<Response | null>;
  readonly size: () => number;
  readonly close: () => Promise<void>;
}

interface SessionsDeps {
  readonly factory: McpServerFactory;
  readonly createId: () => string;
  readonly stopwatch: () => number;
  readonly maxBytes: number;
}

/**
 * Sessions, for programs that speak the protocol of 2025: it has questions from the server to the caller, and those
 * need a place to come back to. The one of 2026 has none.
 */
export function createSessions({ factory, createId, stopwatch, maxBytes }: SessionsDeps): Sessions {
  const sessions = new Map<string, Session>();

  async function begin(request: Request, auth: AuthInfo): Promise<Response> {
    await makeRoom();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: createId,
      eventStore: createEventStore(),
      retryInterval: RETRY_MS,
      maxRequestBodySize: maxBytes,
      onsessioninitialized: (id) =>
        void sessions.set(id, { transport, owner: ownerOf(auth), lastUsedAt: stopwatch() }),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const server = await factory({ era: "legacy", authInfo: auth, requestInfo: request });
    await server.connect(transport);
    return transport.handleRequest(request, { authInfo: auth });
  }
  async function makeRoom(): Promise<void> {
    const quietSince = stopwatch() - IDLE_MS;
    const quiet = [...sessions].filter(([, { lastUsedAt }]) => lastUsedAt < quietSince);
    const oldest = sessions.size - quiet.length >= MAX_SESSIONS ? [...sessions].slice(0, 1) : [];
    for (const [id, { transport }] of [...quiet, ...oldest]) {
      sessions.delete(id);
      await transport.close();
    }
  }
  return {
    async serve(request, auth) {
      const id = request.headers.get(ID);
      if (id === null) return (await begins(request, maxBytes)) ? begin(request, auth) : null;
      if (!(await isLegacyRequest(request, undefined, { maxRequestBodySize: maxBytes })))
        return null;
      const session = sessions.get(id);
      if (session?.owner !== ownerOf(auth)) return unknown();
      session.lastUsedAt = stopwatch();
      sessions.delete(id);
      sessions.set(id, session);
      return session.transport.handleRequest(request, { authInfo: auth });
    },
    size: () => sessions.size,
    async close() {
      for (const { transport } of sessions.values()) await transport.close();
      sessions.clear();
    },
  };
}

/** By what a caller may do, not by his token: that one changes. */
const ownerOf = ({ clientId, extra }: AuthInfo): string =>
  `${clientId} ${JSON.stringify(extra?.["access"])}`;

/** Of a copy: whoever serves it reads the request itself. */
async function begins(request: Request, maxBytes: number): Promise<boolean> {
  if (request.method !== "POST") return false;
  const body = await readRequestBody(request.clone(), maxBytes);
  if (body.tooLarge || !body.text.includes(INITIALIZE)) return false;
  const message = safeJson(body.text);
  return isInitializeRequest(message) && isLegacyRequest(request, message);
}

const INITIALIZE = '"initialize"';

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Whoever serves it says so.
  }
}

/** As the protocol wants it: whoever reads this begins a new session. */
const unknown = (): Response =>
  Response.json(
    { jsonrpc: "2.0", error: { code: -32001, message: "Session not found" }, id: null },
    { status: 404 },
  );
