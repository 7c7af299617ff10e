import type { Conversation } from "../core/message.ts";
import type { OutgoingPart, Outlet, Sent } from "../core/outlet.ts";
import type { OutboxPart, Turn } from "../core/turn.ts";

/** Within this time the place answers a second send of a nonce with the first message; later we look for it ourselves. */
const NONCE_TRUSTED_MS = 60_000;

/** found: an earlier attempt made the message; its words may be older ones. */
export type Brought =
  | Exclude<Sent, { kind: "gone" }>
  | { readonly kind: "found"; readonly messageId: string };

/** A row of the outbox as the place gets it. */
export function toOutgoing(
  turn: Turn,
  {
    part,
    nonce,
    content,
    file,
    card = null,
  }: Pick<OutboxPart, "part" | "nonce" | "content" | "file" | "card">,
  { follows, running, offers = [] }: Pick<OutgoingPart, "follows" | "running" | "offers">,
): OutgoingPart {
  const replyTo = part <= 0 ? turn.triggerId : null;
  return { turnId: turn.id, part, nonce, content, file, card, replyTo, follows, running, offers };
}

/**
 * Makes the part's message exist, once, although an earlier attempt may have made it without telling us.
 * `ageMs`: since the row was made. `others`: messages that are known to be other parts.
 */
export async function sendOnce(
  outlet: Pick<Outlet, "send" | "find">,
  place: Conversation,
  part: OutgoingPart,
  { ageMs, others }: { readonly ageMs: number; readonly others: readonly string[] },
  signal: AbortSignal,
): Promise<Brought> {
  if (ageMs >= NONCE_TRUSTED_MS) {
    const messageId = await outlet.find(place, part, others, signal);
    if (messageId !== null) return { kind: "found", messageId };
  }
  const sent = await outlet.send(place, part, signal);
  if (sent.kind === "gone") throw new Error("A send cannot find its message gone");
  return sent;
}
