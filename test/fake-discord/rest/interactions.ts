import { MessageFlags } from "discord-api-types/v10";

import { toApiMessage } from "../payloads/message.ts";
import { removeMessage } from "../world/delete-message.ts";
import { unknownMessage } from "../world/errors.ts";
import { acknowledge, fill, followUp } from "../world/interaction-answers.ts";
import type { Interaction, Interactions } from "../world/interactions.ts";
import type { Message } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { type RestRequest, type Route, noContent, ok, openOn } from "./route.ts";

const WEBHOOK = "/webhooks/:applicationId/:token";

/** Callbacks and follow-ups: they carry the interaction's own token, not the bot's. */
export function interactionRoutes(world: World, interactions: Interactions): Route[] {
  const interactionOf = (request: RestRequest): Interaction =>
    interactions.continuing(request.param("applicationId"), request.param("token"));
  const messageOf = (request: RestRequest): Message => {
    const { original, followups } = interactionOf(request);
    const id = request.param("messageId");
    const known = original ? [original, ...followups] : followups;
    const found = id === "@original" ? original : known.find((one) => one.id === id);
    if (!found || found.deletedAt !== null) throw unknownMessage();
    return found;
  };

  return [
    openOn("POST /interactions/:interactionId/:token/callback", (request) => {
      const { body, files, query } = request;
      const interaction = interactions.answerable(
        request.param("interactionId"),
        request.param("token"),
      );
      acknowledge(world, interaction, body, files);
      if (query.get("with_response") !== "true") return noContent();
      return ok(withResponse(world, interaction, body["type"]));
    }),
    openOn(`POST ${WEBHOOK}`, (request) => {
      const message = followUp(world, interactionOf(request), request.body, request.files);
      return ok(toApiMessage(world, message));
    }),
    openOn(`GET ${WEBHOOK}/messages/:messageId`, (request) =>
      ok(toApiMessage(world, messageOf(request))),
    ),
    openOn(`PATCH ${WEBHOOK}/messages/:messageId`, (request) => {
      const message = messageOf(request);
      fill(world, message, request.body, request.files);
      return ok(toApiMessage(world, message));
    }),
    openOn(`DELETE ${WEBHOOK}/messages/:messageId`, (request) => {
      removeMessage(world, messageOf(request));
      return noContent();
    }),
  ];
}

function withResponse(world: World, { id, type, original }: Interaction, answer: unknown): object {
  const flags = original?.flags ?? 0;
  return {
    interaction: {
      id,
      type,
      ...(original ? { response_message_id: original.id } : {}),
      response_message_loading: (flags & MessageFlags.Loading) !== 0,
      response_message_ephemeral: (flags & MessageFlags.Ephemeral) !== 0,
    },
    ...(original ? { resource: { type: answer, message: toApiMessage(world, original) } } : {}),
  };
}
