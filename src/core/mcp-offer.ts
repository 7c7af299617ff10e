import { z } from "zod";
import type { McpOffer } from "./mcp-install.ts";

const texts = z.record(z.string(), z.string());
const source = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("npm"),
    package: z.string(),
    version: z.string(),
    integrity: z.string(),
    before: z.string(),
  }),
  z.object({
    kind: z.literal("smithery"),
    name: z.string(),
    cliVersion: z.string(),
    cliIntegrity: z.string(),
    before: z.string(),
  }),
  z.object({ kind: z.literal("smithery-hosted"), name: z.string() }),
  z.object({
    kind: z.literal("github"),
    repository: z.string(),
    commit: z.string(),
    subfolder: z.string().nullable(),
  }),
  z.object({ kind: z.literal("docker"), image: z.string(), digest: z.string() }),
  z.object({ kind: z.literal("path"), path: z.string() }),
  z.object({ kind: z.literal("url"), url: z.string() }),
  z.object({ kind: z.literal("first-party"), name: z.string() }),
]);
const launch = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("stdio"),
    command: z.string(),
    args: z.array(z.string()),
    cwd: z.string().nullable(),
    env: texts,
    secretEnv: z.array(z.string()),
    isolation: z.enum(["container", "process"]),
  }),
  z.object({
    kind: z.literal("http"),
    url: z.string(),
    transport: z.enum(["streamable-http", "sse"]),
    headers: texts,
    secretHeaders: z.array(z.string()),
    auth: z.enum(["none", "owner", "person"]),
  }),
]);

/** An offer as it was kept with a card: one of an older version of Clara is no offer any more. */
export const mcpOffer: z.ZodType<McpOffer> = z.object({
  name: z.string(),
  displayName: z.string(),
  preset: z.string().nullable(),
  source,
  launch,
  needs: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      isRequired: z.boolean(),
      isSecret: z.boolean(),
      fallback: z.string().nullable(),
    }),
  ),
  description: z.string(),
  facts: z.array(z.tuple([z.string(), z.string()])),
  risks: z.array(z.string()),
  commands: z.array(z.array(z.string())),
});
