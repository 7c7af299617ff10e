import { RESTJSONErrorCodes as Code } from "discord-api-types/v10";

/** Discord's own error: an HTTP status, a JSON code and, for bad forms, the tree of what is wrong. */
export class DiscordError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: object | undefined;

  constructor(status: number, code: number, message: string, errors?: object) {
    super(message);
    this.name = "DiscordError";
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  toJSON(): object {
    return {
      message: this.message,
      code: this.code,
      ...(this.errors ? { errors: this.errors } : {}),
    };
  }
}

const notFound = (code: number, what: string) => () =>
  new DiscordError(404, code, `Unknown ${what}`);

export const unknownChannel = notFound(Code.UnknownChannel, "Channel");
export const unknownGuild = notFound(Code.UnknownGuild, "Guild");
export const unknownMember = notFound(Code.UnknownMember, "Member");
export const unknownMessage = notFound(Code.UnknownMessage, "Message");
export const unknownUser = notFound(Code.UnknownUser, "User");
export const unknownEmoji = () => new DiscordError(400, Code.UnknownEmoji, "Unknown Emoji");
export const unknownWebhook = notFound(Code.UnknownWebhook, "Webhook");
export const unknownInteraction = notFound(Code.UnknownInteraction, "interaction");
export const unknownCommand = notFound(Code.UnknownApplicationCommand, "application command");

export const missingAccess = () => new DiscordError(403, Code.MissingAccess, "Missing Access");
export const missingPermissions = () =>
  new DiscordError(403, Code.MissingPermissions, "Missing Permissions");
export const emptyMessage = () =>
  new DiscordError(400, Code.CannotSendAnEmptyMessage, "Cannot send an empty message");
export const tooManyFollowUps = () =>
  new DiscordError(
    400,
    40_094,
    "This interaction has reached its maximum number of follow up messages.",
  );
export const archivedThread = () =>
  new DiscordError(400, Code.InvalidActionOnArchivedThread, "Thread is archived");
export const unauthorized = () => new DiscordError(401, 0, "401: Unauthorized");
