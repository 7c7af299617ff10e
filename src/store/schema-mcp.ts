import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type {
  McpAccess,
  McpAnnotations,
  McpLaunch,
  McpServer,
  McpSource,
  McpState,
  McpToolShape,
} from "../core/mcp.ts";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** The MCP servers that somebody wants. */
export const mcpServers = pgTable(
  "mcp_servers",
  {
    id: text().primaryKey(),
    /** `operator`, `guild:discord:1`, `person:discord:2`. */
    owner: text().notNull(),
    name: text().notNull(),
    displayName: text("display_name").notNull(),
    source: jsonb().$type<McpSource>().notNull(),
    /** Without values that are secret: those are in `secrets`. */
    launch: jsonb().$type<McpLaunch>().notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    isHotReload: boolean("is_hot_reload").notNull().default(false),
    origin: text().$type<McpServer["origin"]>().notNull(),
    installedBy: text("installed_by"),
    timeoutMs: integer("timeout_ms").notNull(),
    revision: integer().notNull().default(0),
    /** As whoever runs it last told. */
    state: text().$type<McpState>().notNull().default("off"),
    stateDetail: text("state_detail"),
    stateSince: at("state_since").notNull().defaultNow(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [uniqueIndex("mcp_servers_name").on(table.owner, table.name)],
);

/** Who may use a server besides what its owner's kind says. */
export const mcpAccess = pgTable(
  "mcp_access",
  {
    serverId: text("server_id")
      .notNull()
      .references(() => mcpServers.id, { onDelete: "cascade" }),
    kind: text().$type<McpAccess["kind"]>().notNull(),
    /** The guild's or person's id; of a place `discord:1 discord:channel:2`. */
    key: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.serverId, table.kind, table.key] })],
);

/** The tools of servers, as they were last seen and as a person agreed to them. */
export const mcpTools = pgTable(
  "mcp_tools",
  {
    serverId: text("server_id")
      .notNull()
      .references(() => mcpServers.id, { onDelete: "cascade" }),
    name: text().notNull(),
    offeredName: text("offered_name").notNull(),
    hash: text().notNull(),
    description: text().notNull(),
    inputSchema: jsonb("input_schema").$type<Record<string, unknown>>().notNull(),
    outputSchema: jsonb("output_schema").$type<Record<string, unknown>>(),
    annotations: jsonb().$type<McpAnnotations>().notNull(),
    /** False when the server did not list it the last time. What was agreed to is kept. */
    isListed: boolean("is_listed").notNull().default(true),
    approvedHash: text("approved_hash"),
    approvedDescription: text("approved_description"),
    approvedShape: jsonb("approved_shape").$type<McpToolShape>(),
    approvedBy: text("approved_by"),
    approvedAt: at("approved_at"),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.name] }),
    uniqueIndex("mcp_tools_offered").on(table.serverId, table.offeredName),
  ],
);

/** Sign-ins that were begun, one a person and server. What proves them is kept as a hash, or sealed. */
export const mcpSignIns = pgTable(
  "mcp_sign_ins",
  {
    stateHash: text("state_hash").primaryKey(),
    serverId: text("server_id")
      .notNull()
      .references(() => mcpServers.id, { onDelete: "cascade" }),
    /** Whose credentials it will be: `person:discord:1`. */
    holder: text().notNull(),
    /** Who began it, `discord:1`, and is the only one who may end it. */
    startedBy: text("started_by").notNull(),
    startedByName: text("started_by_name").notNull(),
    /** PKCE's verifier and whatever else is needed at the end, sealed. */
    sealed: text().notNull(),
    expiresAt: at("expires_at").notNull(),
  },
  (table) => [
    index("mcp_sign_ins_holder").on(table.serverId, table.holder),
    index("mcp_sign_ins_expiry").on(table.expiresAt),
  ],
);
