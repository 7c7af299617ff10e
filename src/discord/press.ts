import type { AnnouncementButton } from "../core/announcer.ts";
import type { CommandContext } from "./commands/define-command.ts";
import type { Reply } from "./commands/reply.ts";

export type PressOutcome =
  /** Takes the place of the announcement. */
  | {
      readonly kind: "replace";
      readonly text: string;
      readonly rows: readonly (readonly AnnouncementButton[])[];
    }
  /** Below it, for the one who pressed only. */
  | { readonly kind: "whisper"; readonly text: string }
  /** The same with controls. */
  | { readonly kind: "reply"; readonly reply: Reply };

/** Hears the buttons of announcements, by what they lead to. null: not one of these. */
export type Press = (leadsTo: string, context: CommandContext) => Promise<PressOutcome | null>;
