import type { ConversationId, GuildId, McpServerId, UserId } from "./ids.ts";
import type { Scope } from "./principal.ts";
import type { SecretOwner } from "./secrets.ts";

/** Whose server it is: who may change it, who sees its tools, and whose credentials it is given. */
export type McpOwner = SecretOwner;

/** Where a server came from, pinned: the same again gives the same program. */
export type McpSource =
  /** `integrity`: npm's, for example `sha512-...`. `before`: what it needs is taken as it was published by then. */
  | {
      readonly kind: "npm";
      readonly package: string;
      readonly version: string;
      readonly integrity: string;
      readonly before: string;
    }
  /** Of Smithery, run here by its own program, which is pinned like any package of npm's. */
  | {
      readonly kind: "smithery";
      readonly name: string;
      readonly cliVersion: string;
      readonly cliIntegrity: string;
      readonly before: string;
    }
  | { readonly kind: "smithery-hosted"; readonly name: string }
  /** `commit`: 40 hex digits. `subfolder`: relative, within the repository. */
  | {
      readonly kind: "github";
      readonly repository: string;
      readonly commit: string;
      readonly subfolder: string | null;
    }
  /** `digest`: `sha256:...`. */
  | { readonly kind: "docker"; readonly image: string; readonly digest: string }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "url"; readonly url: string }
  /** One that ships with Clara, for example `kledo`. */
  | { readonly kind: "first-party"; readonly name: string };

/** container: within the sandbox's limits. process: a process of its own, with this user's rights. */
export type McpIsolation = "container" | "process";

/**
 * How it is reached. Values of what is secret stand in the secret store as `mcp:<server id>:<name>`; here are only names.
 * `command` is a program's name or path, never a line for a shell.
 */
export type McpLaunch =
  | {
      readonly kind: "stdio";
      readonly command: string;
      readonly args: readonly string[];
      /** null: a folder of its own. */
      readonly cwd: string | null;
      readonly env: Readonly<Record<string, string>>;
      readonly secretEnv: readonly string[];
      readonly isolation: McpIsolation;
    }
  | {
      readonly kind: "http";
      readonly url: string;
      readonly transport: "streamable-http" | "sse";
      readonly headers: Readonly<Record<string, string>>;
      readonly secretHeaders: readonly string[];
      /** none: what is in the headers is enough. owner: one sign-in, the owner's. person: everybody signs in alone. */
      readonly auth: "none" | "owner" | "person";
    };

/**
 * off: nobody wants it now. starting: not answered yet. ready: answers. slow: answers late. failing: starts are tried
 * again with pauses, up to a limit. needs-sign-in: somebody has to sign in first.
 */
export type McpState = "off" | "starting" | "ready" | "slow" | "failing" | "needs-sign-in";

export interface McpStatus {
  readonly state: McpState;
  /** What is the matter, for people, without secrets; null when there is nothing to say. */
  readonly detail: string | null;
  readonly since: Date;
}

/** What is wanted of a server. */
export interface McpServer {
  readonly id: McpServerId;
  readonly owner: McpOwner;
  /** One of its owner's, `[a-z0-9_]`, 1 to 32 characters: the first half of its tools' names. */
  readonly name: string;
  readonly displayName: string;
  readonly source: McpSource;
  readonly launch: McpLaunch;
  readonly isEnabled: boolean;
  /** Starts anew when files in its folder change. */
  readonly isHotReload: boolean;
  /** command: installed by a person. file: stands in MCP_SERVERS_DIR, and goes when the file goes. preset: its variable is set. */
  readonly origin: "command" | "file" | "preset";
  readonly installedBy: UserId | null;
  readonly timeoutMs: number;
  /** Raised by every change and by every wish for a restart; whoever runs it starts it anew when this is another. */
  readonly revision: number;
  /** Who may use it besides what its owner's kind says. Empty: everybody there. */
  readonly access: readonly McpAccess[];
  /** As whoever runs it last told. */
  readonly status: McpStatus;
}

/**
 * guild, person: on the list of those who may use an operator's or a server's own. place: a person's own server, or own
 * sign-in, may be used in this conversation though others read along there.
 */
export type McpAccess =
  | { readonly kind: "guild"; readonly guildId: GuildId }
  | { readonly kind: "person"; readonly userId: UserId }
  | {
      readonly kind: "place";
      readonly userId: UserId;
      readonly conversationId: ConversationId;
    };

/** One tool of a server as it was last seen, and as a person agreed to it. */
export interface McpTool {
  /** As the server calls it. */
  readonly name: string;
  /** As models are told, within every provider's rules; never changes once given. */
  readonly offeredName: string;
  /** Of name, description, schemas and hints. */
  readonly hash: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema: Readonly<Record<string, unknown>> | null;
  readonly annotations: McpAnnotations;
  /** What was agreed to; null while nobody has. The tool may be used only while this is its hash. */
  readonly approvedHash: string | null;
  /** How it was when it was agreed to, for telling what has changed; null as above. */
  readonly approvedDescription: string | null;
  /** The same of everything else; null also for what was agreed to before this was kept. */
  readonly approvedShape: McpToolShape | null;
}

/** What a tool takes and gives, and what it says of itself. */
export type McpToolShape = Pick<McpTool, "inputSchema" | "outputSchema" | "annotations">;

/** A tool as it is, without what was agreed to. */
export type McpToolSeen = Omit<McpTool, "approvedHash" | "approvedDescription" | "approvedShape">;

/** What the server says of its tool. Hints of a stranger: they can make a rule stricter, never looser. */
export interface McpAnnotations {
  readonly title?: string | undefined;
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly idempotentHint?: boolean | undefined;
  readonly openWorldHint?: boolean | undefined;
}

export type NewMcpServer = Omit<McpServer, "revision" | "access" | "status">;
export type McpServerChange = Partial<
  Pick<McpServer, "displayName" | "source" | "launch" | "isEnabled" | "isHotReload" | "timeoutMs">
>;

/** The servers that somebody wants. */
export interface McpServers {
  /** All of them, for whoever runs them. `since`: what an earlier call gave; null when nothing has changed. */
  readonly changed: (
    since: string | null,
  ) => Promise<{ readonly mark: string; readonly servers: readonly McpServer[] } | null>;
  /** Those that can be used in this scope, by name; a person's own are all there where that person is alone with Clara. */
  readonly visible: (scope: Scope) => Promise<readonly McpServer[]>;
  readonly byId: (id: McpServerId) => Promise<McpServer | null>;
  /** False when the owner has one of that name, or as many as he may have. */
  readonly add: (server: NewMcpServer) => Promise<boolean>;
  /** False when it is gone. Raises the revision, also when nothing is changed: that is a restart. */
  readonly change: (id: McpServerId, change: McpServerChange) => Promise<boolean>;
  /** With its tools, its access and what it was given to keep secret. */
  readonly remove: (id: McpServerId) => Promise<boolean>;
  readonly allow: (id: McpServerId, access: McpAccess, isAllowed: boolean) => Promise<void>;
  readonly tell: (id: McpServerId, status: Omit<McpStatus, "since">) => Promise<void>;
}

/** What is known of servers' tools. */
export interface McpTools {
  readonly of: (id: McpServerId) => Promise<readonly McpTool[]>;
  /** Takes the place of what was seen before; what was agreed to stays. Names that were given stay given. */
  readonly see: (id: McpServerId, tools: readonly McpToolSeen[]) => Promise<readonly McpTool[]>;
  /** Agrees to `tools` as they were shown; of these, those that have not changed since are agreed to. */
  readonly approve: (
    id: McpServerId,
    by: UserId,
    tools: readonly Pick<McpTool, "name" | "hash">[],
  ) => Promise<number>;
}

/** The name under which the secret store has a secret of a server. */
export const mcpSecretName = (id: McpServerId, name: string): string => `mcp:${id}:${name}`;

/**
 * Whether a server's tools may be used in `scope`. An operator's are for everybody, or those on its list; a guild's in
 * that guild; a person's for that person, alone with Clara or where he allowed it.
 */
export function mayUse({ owner, access }: McpServer, scope: Scope): boolean {
  switch (owner.kind) {
    case "operator":
      return isListed(access, scope);
    case "guild":
      return owner.guildId === scope.principal.guildId && isListed(access, scope);
    case "person":
      return owner.userId === scope.principal.userId && maySeeOwn(access, scope);
  }
}

function isListed(access: readonly McpAccess[], { principal }: Scope): boolean {
  const listed = access.filter(({ kind }) => kind !== "place");
  return (
    listed.length === 0 ||
    listed.some(
      (each) =>
        (each.kind === "guild" && each.guildId === principal.guildId) ||
        (each.kind === "person" && each.userId === principal.userId),
    )
  );
}

/** Whether what is a person's own may be shown in this scope: alone with Clara, or where he allowed it. */
export function maySeeOwn(
  access: readonly McpAccess[],
  { principal: { userId }, audience }: Scope,
): boolean {
  if (audience.kind === "private") return audience.userId === userId;
  return access.some(
    (each) =>
      each.kind === "place" &&
      each.userId === userId &&
      audience.kind === "channel" &&
      each.conversationId === audience.conversationId,
  );
}

/** Whether the principal may change, restart or remove it. Operators may with all. */
export function mayManage(
  owner: McpOwner,
  { principal }: Scope,
  isOperator: boolean,
  isAdmin: boolean,
): boolean {
  if (isOperator) return true;
  if (owner.kind === "person") return owner.userId === principal.userId;
  return owner.kind === "guild" && owner.guildId === principal.guildId && isAdmin;
}

/** The owner of the credentials that a call in this scope uses. */
export const holderOf = ({ owner, launch }: McpServer, { principal }: Scope): McpOwner =>
  launch.kind === "http" && launch.auth === "person"
    ? { kind: "person", userId: principal.userId }
    : owner;
