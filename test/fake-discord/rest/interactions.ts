import { unknownMessage } from "../errors.ts";
import { objects } from "../forms.ts";
import type { Interaction, Interactions } from "../interactions.ts";
import { removeMessage } from "../messages.ts";
import type { Message } from "../model.ts";
import { toApiMessage } from "../payloads.ts";
import type { World } from "../world.ts";
import { type RestRequest, type Route, noContent, ok, openOn } from "./route.ts";

const WEBHOOK = "/webhooks/:applicationId/:token";

/** Callbacks and follow-ups: they carry the interaction's own token, not the bot's. */
export function interactionRoutes(world: World, interactions: Interactions): Route[] {
  const interactionOf = (request: RestRequest): Interaction =>
    interactions.continuing(request.param("applicationId"), request.param("token"));
  const messageOf = (request: RestRequest): Message => {
    const interaction = interactionOf(request);
    const id = request.param("messageId");
    const known = [interaction.original, ...interaction.followups].filter((one) => one !== null);
    const found = id === "@original" ? interaction.original : known.find((one) => one.id === id);
    if (!found || found.deletedAt !== null) throw unknownMessage();
    return found;
  };

  return [
    openOn("POST /interactions/:interactionId/:token/callback", (request) => {
      const interaction = interactions.answerable(
        request.param("interactionId"),
        request.param("token"),
      );
      interactions.acknowledge(interaction, request.body, request.files);
      if (request.query.get("with_response") !== "true") return noContent();
      return ok(withResponse(world, interaction, request));
    }),
    openOn(`POST ${WEBHOOK}`, (request) => {
      const message = interactions.followUp(interactionOf(request), request.body, request.files);
      return ok(toApiMessage(world, message));
    }),
    openOn(`GET ${WEBHOOK}/messages/:messageId`, (request) =>
      ok(toApiMessage(world, messageOf(request))),
    ),
    openOn(`PATCH ${WEBHOOK}/messages/:messageId`, (request) =>
      ok(toApiMessage(world, interactions.edit(messageOf(request), request.body, request.files))),
    ),
    openOn(`DELETE ${WEBHOOK}/messages/:messageId`, (request) => {
      removeMessage(world, messageOf(request));
      return noContent();
    }),
  ];
}

function withResponse(
  world: World,
  { id, type, original }: Interaction,
  { body }: RestRequest,
): object {
  const isLoading = body["type"] === 5;
  const isEphemeral = objects([body["data"]]).some(
    ({ flags }) => ((Number(flags) || 0) & 64) !== 0,
  );
  const resource = original
    ? { resource: { type: body["type"], message: toApiMessage(world, original) } }
    : {};
  return {
    interaction: {
      id,
      type,
      ...(original ? { response_message_id: original.id } : {}),
      response_message_loading: isLoading,
      response_message_ephemeral: isEphemeral,
    },
    ...resource,
  };
}
