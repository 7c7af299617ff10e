import { turnIdOf } from "../core/ids.ts";
import type { TranscriptMessage } from "../core/message.ts";
import type { Summary } from "../core/stores.ts";
import type { Taint } from "../core/taint.ts";
import type { Turn } from "../core/turn.ts";
import type { Origins } from "./permit.ts";

/**
 * Whose words the model is given, apart from the asker's and Clara's own. Other people's lines count although they are
 * people: whoever can write in a channel could otherwise steer the tools of everybody else there.
 */
export function originsOf(
  { scope, conversation }: Turn,
  summary: Summary | null,
  given: readonly TranscriptMessage[],
  /** Of what is remembered: whose words, and the turns whose answers are among them. */
  recalled: Pick<Origins, "taints" | "turnIds">,
): Origins {
  const isShared = conversation.audience.kind !== "private";
  const earlier: readonly Taint[] =
    summary && isShared ? [{ source: "other-person", name: "earlier lines" }] : [];
  const lines = given.flatMap((message) => taintsOf(message, scope.principal.userId));
  const answered = given.flatMap(({ role, replyTo }) =>
    role === "clara" && replyTo ? [replyTo] : [],
  );
  return {
    taints: [...earlier, ...recalled.taints, ...lines],
    turnIds: [...new Set([...answered.map(turnIdOf), ...recalled.turnIds])],
    upTo: summary?.upToAt ?? null,
  };
}

function taintsOf(
  { role, authorId, authorName, attachments }: TranscriptMessage,
  asker: string,
): readonly Taint[] {
  // What somebody says aloud is as much their own as what they write.
  const files = attachments
    .filter(({ isVoice }) => isVoice !== true)
    .map(({ name }): Taint => ({ source: "file", name }));
  if (role === "bot") return [{ source: "bot", name: authorName }, ...files];
  const isOther = role === "person" && authorId !== asker;
  return isOther ? [{ source: "other-person", name: authorName }, ...files] : files;
}
