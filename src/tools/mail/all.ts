import type { Tool } from "../../core/tool.ts";
import { accountTools } from "./accounts.ts";
import type { MailToolDeps } from "./define.ts";
import { readingTools } from "./reading.ts";
import { ruleTools } from "./rules.ts";

/** All that she can do with the mailboxes of whoever asks. */
export const mailTools = (deps: MailToolDeps): readonly Tool[] => [
  ...accountTools(deps),
  ...ruleTools(deps),
  ...readingTools(deps),
];
