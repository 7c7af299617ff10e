import type {
  AuthProvider,
  Client,
  ClientCapabilities,
  ElicitRequestURLParams,
} from "@modelcontextprotocol/client";
import type { McpOwner, McpServer } from "../core/mcp.ts";
import type { ToolContext } from "../core/tool.ts";

/** Who a connection is for: one server, with the credentials of one owner. */
export interface ConnectionFor {
  readonly server: McpServer;
  /** Whose credentials it carries, and whose alone. */
  readonly holder: McpOwner;
}

/** What signs a connection's requests. It never begins a sign-in: that needs a person, who is told by needs-sign-in. */
export interface ConnectionAuth extends AuthProvider {
  /** The server answered 403, and wants these rights besides. */
  readonly wantMore: (scopes: readonly string[]) => Promise<void>;
}

/** Signs the requests of a connection to a server on the web; undefined: nobody has to sign in to it. */
export type AuthFor = (connection: ConnectionFor) => ConnectionAuth | undefined;

/** A connection on which a server may ask something back. */
export interface AskingConnection extends ConnectionFor {
  /**
   * The calls that run on it now. What a server asks belongs to one of them; when they are not all of one person, nobody
   * knows whose it is, and the question has to be declined.
   */
  readonly calls: () => readonly ToolContext[];
  /** While a person is asked, the calls' time stands still; gives what lets it go on. */
  readonly hold: () => () => void;
}

/** What servers may ask of a client: elicitation, sampling, roots. Without it a server is told that we can do none of it. */
export interface ServerQuestions {
  /** What is offered on this connection. */
  readonly capabilities: (connection: ConnectionFor) => ClientCapabilities;
  /** Sets its handlers, before the client connects. */
  readonly answer: (client: Client, connection: AskingConnection) => void;
  /** A call was refused until the person has opened these pages. True when he says that he has: it is made once more. */
  readonly visit: (
    connection: ConnectionFor,
    pages: readonly ElicitRequestURLParams[],
    context: ToolContext,
  ) => Promise<boolean>;
}
