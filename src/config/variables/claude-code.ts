import { anyText, discordIds, wholeNumber } from "../parsers.ts";
import { optional, withDefault } from "../variable.ts";

export const claudeCodeVariables = {
  CLAUDE_CODE_WORKDIR: optional(
    "Folder on this machine in which Claude Code may work, and nowhere else. With it she can let it work",
    anyText,
  ),
  CLAUDE_CODE_ALLOWED_USERS: optional(
    "Discord ids of those who may let it work, you among them: commands that they allow run with the rights of her program",
    discordIds,
  ),
  CLAUDE_CODE_MAX_TURNS: withDefault(
    "10",
    "Turns that one run of it takes at most",
    wholeNumber(1, 100),
  ),
  CLAUDE_CODE_EXECUTABLE: optional(
    "Path of the claude program. Not set: the one that @anthropic-ai/claude-agent-sdk brings",
    anyText,
  ),
};
