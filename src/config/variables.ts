import type { ValuesOf, Variables } from "./variable.ts";
import { backupVariables } from "./variables/backup.ts";
import { claudeCodeVariables } from "./variables/claude-code.ts";
import { discordVariables } from "./variables/discord.ts";
import { fileVariables, speechVariables } from "./variables/files.ts";
import { googleVariables } from "./variables/google.ts";
import {
  identityVariables,
  imageVariables,
  runningVariables,
  skillVariables,
  storeVariables,
  webVariables,
} from "./variables/house.ts";
import { limitVariables } from "./variables/limits.ts";
import { mcpVariables } from "./variables/mcp.ts";
import { mcpInstallVariables } from "./variables/mcp-install.ts";
import { mailVariables } from "./variables/mail.ts";
import { memoryVariables } from "./variables/memory.ts";
import { modelVariables } from "./variables/models.ts";
import { sandboxVariables } from "./variables/sandbox.ts";
import { webToolVariables } from "./variables/web-tools.ts";

/** Every variable that Clara reads. */
export const variables = {
  ...modelVariables,
  ...identityVariables,
  ...discordVariables,
  ...limitVariables,
  ...webToolVariables,
  ...memoryVariables,
  ...storeVariables,
  ...skillVariables,
  ...imageVariables,
  ...claudeCodeVariables,
  ...sandboxVariables,
  ...fileVariables,
  ...speechVariables,
  ...googleVariables,
  ...backupVariables,
  ...mcpVariables,
  ...mcpInstallVariables,
  ...mailVariables,
  ...webVariables,
  ...runningVariables,
};

export type Values = ValuesOf<typeof variables>;

/** The same in the order and with the headings of .env.example and docs/CONFIGURATION.md. */
export const chapters: readonly { readonly title: string; readonly variables: Variables }[] = [
  { title: "Models", variables: modelVariables },
  { title: "Who she is", variables: identityVariables },
  { title: "Discord", variables: discordVariables },
  { title: "Limits and budgets", variables: limitVariables },
  { title: "The web for her", variables: webToolVariables },
  { title: "Memory", variables: memoryVariables },
  { title: "The store", variables: storeVariables },
  { title: "Skills", variables: skillVariables },
  { title: "Pictures", variables: imageVariables },
  { title: "Claude Code", variables: claudeCodeVariables },
  { title: "The sandbox", variables: sandboxVariables },
  { title: "Files of people", variables: fileVariables },
  { title: "Speech", variables: speechVariables },
  { title: "Google", variables: googleVariables },
  { title: "Copies", variables: backupVariables },
  { title: "MCP servers", variables: mcpVariables },
  { title: "MCP servers: where they come from", variables: mcpInstallVariables },
  { title: "Mail", variables: mailVariables },
  { title: "The web page", variables: webVariables },
  { title: "Running", variables: runningVariables },
];
