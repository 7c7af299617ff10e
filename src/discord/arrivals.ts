import type { GatewayDispatchPayload } from "discord.js";
import { GatewayDispatchEvents as Event } from "discord-api-types/v10";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import { isEdit } from "./changes.ts";
import type { Lanes } from "./lanes.ts";
import type { Look } from "./look.ts";
import type { Refusals } from "./refusals.ts";
import type { Typing } from "./typing.ts";
import { wireBulkDelete, wireDelete, wireMessage } from "./wire.ts";

interface Deps {
  readonly lanes: Pick<Lanes, "push">;
  readonly look: Look;
  readonly typing: Pick<Typing, "show">;
  readonly refusals: Pick<Refusals, "note">;
  readonly fault: Fault;
  readonly log: Log;
}

/** Puts what Discord tells of messages into the lanes of their channels. What cannot be read is left out. */
export function createArrivals({
  lanes,
  look,
  typing,
  refusals,
  fault,
  log,
}: Deps): (packet: GatewayDispatchPayload) => void {
  function arrive(raw: unknown): void {
    fault("gateway.frame.received");
    const { data: message, error } = wireMessage.safeParse(raw);
    if (!message) return log.warn({ error }, "message-unreadable");
    const seen = look(message);
    if (seen?.decision.kind === "ignore")
      return refusals.note(seen.arrival.message, seen.decision.reason);
    // Before the database is asked: a person sees at once that she has heard.
    if (seen?.decision.kind === "answer") typing.show(message.channel_id);
    const patient = seen?.decision.kind === "hear";
    lanes.push(message.channel_id, { kind: "message", message, patient });
    fault("gateway.dispatch.handed");
  }

  function edit(raw: unknown): void {
    const { data: message } = wireMessage.safeParse(raw);
    if (message && isEdit(message)) lanes.push(message.channel_id, { kind: "edit", message });
  }

  function forget(raw: unknown): void {
    const { data } = wireDelete.safeParse(raw);
    if (data) lanes.push(data.channel_id, { kind: "delete", ids: [data.id] });
  }

  function forgetMany(raw: unknown): void {
    const { data } = wireBulkDelete.safeParse(raw);
    if (data) lanes.push(data.channel_id, { kind: "delete", ids: data.ids });
  }

  const handlers = new Map<string, (raw: unknown) => void>([
    [Event.MessageCreate, arrive],
    [Event.MessageUpdate, edit],
    [Event.MessageDelete, forget],
    [Event.MessageDeleteBulk, forgetMany],
  ]);
  return ({ t: event, d: raw }) => handlers.get(event)?.(raw);
}
