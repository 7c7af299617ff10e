import type { ConversationId } from "./ids.ts";
import type { Scope } from "./principal.ts";

export interface HistoryLine {
  readonly conversationId: ConversationId;
  /** For example "#general". */
  readonly title: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly role: "person" | "clara" | "bot";
  readonly text: string;
  readonly sentAt: Date;
}

/** What was said in several places of the scope's guild. Which ones the person may see now is the caller's to know. */
export interface History {
  /** Those with most of the words first, then the newest; of other guilds and of DMs nothing, whatever is asked for. */
  readonly search: (
    scope: Scope,
    visible: readonly ConversationId[],
    query: { readonly words: string; readonly from: string | null; readonly limit: number },
  ) => Promise<readonly HistoryLine[]>;
}
