import { z } from "zod";
import { mcpSecretName, type McpServer } from "../../core/mcp.ts";

/** A client of ours at one sign-in server, and at no other. */
const client = z.object({
  issuer: z.string(),
  clientId: z.string(),
  clientSecret: z.string().nullable(),
  /** As it was agreed on at registration; null: what fits. */
  authMethod: z.string().nullable(),
  /** Where it may send people back to; null: entered by hand, so whoever registered it knows. */
  redirectUri: z.string().nullable(),
});
export type Client = Readonly<z.infer<typeof client>>;

/** What a holder has of one server. */
const credentials = z.object({
  /** Where the server was when it was got. It goes nowhere else. */
  serverUrl: z.string(),
  how: z.enum(["browser", "by-hand"]),
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  /** When to renew it, and when it ends, in milliseconds since 1970; null when it does not say. */
  renewAt: z.number().nullable(),
  expiresAt: z.number().nullable(),
  scopes: z.array(z.string()),
  /** Of the sign-in server that gave it; null: entered by hand. */
  issuer: z.string().nullable(),
  client: client.nullable(),
  /** Where the server says who signs people in; null: at the customary place. */
  resourceMetadataUrl: z.string().nullable(),
  /** What the token is for, as its resource calls itself (RFC 8707). */
  resource: z.string().nullable(),
  /** Why somebody has to sign in again; null while nobody has. */
  again: z.string().nullable(),
  /** What the server wants besides, and when it asked. */
  wanted: z.array(z.string()),
  stepUps: z.array(z.number()),
});
export type Credentials = Readonly<z.infer<typeof credentials>>;

export const credentialsSchema = credentials;
/** The newest last. */
export const clientsSchema = z.object({ clients: z.array(client) });
export type Clients = Readonly<z.infer<typeof clientsSchema>>;

/** What is needed when a browser comes back. */
const begun = z.object({
  serverUrl: z.string(),
  way: z.enum(["window", "paste"]),
  /** Where the person is sent. */
  url: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  authServerUrl: z.string(),
  issuer: z.string(),
  /** The sign-in server's own description of itself; null for one of before there were any. */
  metadata: z.unknown(),
  client,
  resourceMetadataUrl: z.string().nullable(),
  resource: z.string().nullable(),
  scopes: z.array(z.string()),
  /** Of the browser's key; null while none has begun. */
  challenge: z.string().nullable(),
});
export type Begun = Readonly<z.infer<typeof begun>>;
export const begunSchema = begun;

export const credentialsName = ({ id }: Pick<McpServer, "id">): string =>
  mcpSecretName(id, "sign-in");
/** Those that registered by themselves. */
export const clientsName = ({ id }: Pick<McpServer, "id">): string => mcpSecretName(id, "clients");
/** The one that somebody entered. */
export const ownClientName = ({ id }: Pick<McpServer, "id">): string => mcpSecretName(id, "client");
