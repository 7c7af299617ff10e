import {
  ApplicationCommandOptionType as Kind,
  ApplicationCommandType,
  PermissionFlagsBits,
} from "discord-api-types/v10";

import { objects } from "../forms/form.ts";
import { toApiChannel, toApiMember, toApiRole, toApiUser } from "../payloads/guild.ts";
import { toApiAttachment, toApiMessage } from "../payloads/message.ts";
import type {
  Channel,
  Command,
  IntegrationOwners,
  JsonObject,
  Message,
  User,
} from "../world/model.ts";
import { contextOf, ownersOf } from "../world/installations.ts";
import { permissionsIn } from "../world/permissions.ts";
import { type ActorFile, toUpload } from "./actor-file.ts";
import type { Stage } from "./stage.ts";

/** Values by option name. People, places and roles go by handle, id or name; files as `ActorFile`. */
export type CommandOptions = Readonly<
  Record<string, string | number | boolean | { readonly id: string } | ActorFile>
>;

interface Asking {
  readonly stage: Stage;
  readonly user: User;
  readonly channel: Channel;
  readonly resolved: Record<string, JsonObject>;
}

/** What running `/name sub` sends. Throws for what the client would not let a person send. */
export function commandData(
  stage: Stage,
  user: User,
  channel: Channel,
  line: string,
  options: CommandOptions,
): JsonObject {
  const asking: Asking = { stage, user, channel, resolved: {} };
  const { path, given } = parseLine(line);
  const command = findCommand(asking, path[0] ?? "", ApplicationCommandType.ChatInput);
  const all = { ...given, ...options };
  const { wrap, definitions } = descend(command, path.slice(1));
  const known = definitions.map(({ name }) => String(name));
  const stray = Object.keys(all).find((name) => !known.includes(name));
  if (stray !== undefined)
    throw new Error(`/${path.join(" ")} has no option "${stray}"; it has: ${known.join(", ")}`);
  const missing = definitions.find(
    ({ name, required }) => required === true && !(String(name) in all),
  );
  if (missing) throw new Error(`option "${String(missing["name"])}" is required`);

  const filled = definitions.flatMap((definition) => {
    const value = all[String(definition["name"])];
    return value === undefined ? [] : [fill(asking, definition, value)];
  });
  return { ...head(command), options: wrap(filled), resolved: asking.resolved };
}

/** What each key stroke in an option sends: the others as far as given, this one focused. */
export function autocompleteData(
  stage: Stage,
  user: User,
  channel: Channel,
  typed: {
    readonly line: string;
    readonly option: string;
    readonly text: string;
    readonly options: CommandOptions;
  },
): JsonObject {
  const asking: Asking = { stage, user, channel, resolved: {} };
  const { path, given } = parseLine(typed.line);
  const command = findCommand(asking, path[0] ?? "", ApplicationCommandType.ChatInput);
  const { wrap, definitions } = descend(command, path.slice(1));
  const focused = definitions.find(({ name }) => name === typed.option);
  if (focused?.["autocomplete"] !== true) throw new Error(`"${typed.option}" proposes nothing`);
  const others = Object.entries({ ...given, ...typed.options }).flatMap(([name, value]) => {
    const definition = definitions.find((one) => one["name"] === name);
    return definition ? [fill(asking, definition, value)] : [];
  });
  // Numbers arrive as the text typed so far. https://discord.com/developers/docs/interactions/application-commands#autocomplete
  const own = { name: typed.option, type: focused["type"], value: typed.text, focused: true };
  return { ...head(command), options: wrap([...others, own]) };
}

/** What Apps > name sends for a message or a person. */
export function menuData(
  stage: Stage,
  user: User,
  channel: Channel,
  name: string,
  target: Message | User,
): JsonObject {
  const { world } = stage;
  const isMessage = "content" in target;
  const type = isMessage ? ApplicationCommandType.Message : ApplicationCommandType.User;
  const asking: Asking = { stage, user, channel, resolved: {} };
  const command = findCommand(asking, name, type);
  if (isMessage) asking.resolved["messages"] = { [target.id]: toApiMessage(world, target) };
  else resolveUser(asking, target);
  return { ...head(command), target_id: target.id, resolved: asking.resolved };
}

/** By which installations the command that this data runs is there for a person. */
export function ownersOfCommand(
  { world }: Stage,
  user: User,
  channel: Channel,
  { id }: JsonObject,
): IntegrationOwners {
  const scopes = [...(channel.guildId === null ? [] : [channel.guildId]), "global"];
  const found = scopes
    .flatMap((scope) => [...world.commandsIn(scope).values()])
    .find((command) => command.id === id);
  if (!found) throw new Error("that command is gone");
  return ownersOf(world, user, channel, found);
}

function head({ id, name, type, guild_id }: Command): JsonObject {
  return { id, name, type, ...(guild_id === undefined ? {} : { guild_id }) };
}

/** `/clara ask text:hello there` gives the path [clara, ask] and { text: "hello there" }. */
function parseLine(line: string): {
  readonly path: string[];
  readonly given: Record<string, string>;
} {
  const [words = "", ...pairs] = line.replace(/^\//, "").split(/\s+(?=[\w-]+:)/);
  const given = pairs.map((pair) => {
    const colon = pair.indexOf(":");
    return [pair.slice(0, colon), pair.slice(colon + 1).trim()] as const;
  });
  return { path: words.trim().split(/\s+/), given: Object.fromEntries(given) };
}

function findCommand(
  { stage, user, channel }: Asking,
  name: string,
  type: ApplicationCommandType,
): Command {
  const { world } = stage;
  const scopes = [...(channel.guildId === null ? [] : [channel.guildId]), "global" as const];
  const all = scopes.flatMap((scope) => [...world.commandsIn(scope).values()]);
  const found = all.find((command) => command.name === name && command.type === type);
  if (!found)
    throw new Error(
      `no command "${name}"; there is: ${all.map((one) => one.name).join(", ") || "none"}`,
    );

  const context = contextOf(world, channel);
  const isInstalled = Object.keys(ownersOf(world, user, channel, found)).length > 0;
  const isOffered = !found.contexts || found.contexts.includes(context);
  if (!isOffered || !isInstalled) throw new Error(`"${name}" is not offered here`);
  const needed = found.default_member_permissions;
  const isGuild = channel.guildId !== null;
  const own = permissionsIn(world, user.id, channel);
  // "0" hides a command from all but administrators.
  const isHidden =
    needed !== null &&
    needed !== undefined &&
    (needed === "0" ? own & 8n : own & BigInt(needed)) === 0n;
  const mayUseApps = (own & PermissionFlagsBits.UseApplicationCommands) !== 0n;
  if (isGuild && !mayUseApps) throw new Error(`${user.username} may use no commands here`);
  if (isGuild && isHidden) throw new Error(`"${name}" is hidden from ${user.username}`);
  return found;
}

/** Goes down to a subcommand, and gives back how to wrap its options on the way up. */
function descend(command: Command, path: readonly string[]) {
  let definitions = objects(command.options);
  let wrap = (options: JsonObject[]): JsonObject[] => options;
  for (const name of path) {
    const found = definitions.find((one) => one["name"] === name);
    const isNested =
      found?.["type"] === Kind.Subcommand || found?.["type"] === Kind.SubcommandGroup;
    if (!found || !isNested) throw new Error(`/${command.name} has no subcommand "${name}"`);
    const outer = wrap;
    const type = found["type"];
    wrap = (options) => outer([{ name, type, options }]);
    definitions = objects(found["options"]);
  }
  if (definitions.some(({ type }) => type === Kind.Subcommand))
    throw new Error(`/${command.name} needs a subcommand`);
  return { wrap, definitions };
}

function fill(asking: Asking, definition: JsonObject, value: CommandOptions[string]): JsonObject {
  const { name, type } = definition;
  return { name, type, value: valueFor(asking, definition, value) };
}

function valueFor(asking: Asking, definition: JsonObject, value: CommandOptions[string]): unknown {
  const { stage } = asking;
  const text = typeof value === "object" ? "" : String(value);
  const reference = typeof value === "object" && "id" in value ? value.id : text;
  switch (definition["type"]) {
    case Kind.String:
      return checkText(definition, text);
    case Kind.Integer:
    case Kind.Number:
      return checkNumber(definition, Number(value));
    case Kind.Boolean:
      return value === true || value === "true";
    case Kind.User:
    case Kind.Mentionable:
      return resolveUser(asking, stage.findUser(reference));
    case Kind.Channel:
      return resolveChannel(asking, stage.findChannel(reference));
    case Kind.Role:
      return resolveRole(asking, reference);
    case Kind.Attachment:
      if (typeof value === "object" && "bytes" in value) return resolveFile(asking, value);
      throw new Error("an attachment option needs { name, bytes }");
    default:
      throw new Error(`the fake knows no option of type ${String(definition["type"])}`);
  }
}

function checkText(definition: JsonObject, text: string): string {
  const { min_length: least = 0, max_length: most = 6000 } = definition;
  if (text.length < Number(least) || text.length > Number(most)) {
    throw new Error(
      `"${String(definition["name"])}" takes ${Number(least)} to ${Number(most)} characters`,
    );
  }
  checkChoice(definition, text);
  return text;
}

function checkNumber(definition: JsonObject, number: number): number {
  const { min_value: least = -(2 ** 53), max_value: most = 2 ** 53 } = definition;
  if (Number.isNaN(number) || number < Number(least) || number > Number(most)) {
    throw new Error(`"${String(definition["name"])}" takes ${Number(least)} to ${Number(most)}`);
  }
  checkChoice(definition, number);
  return number;
}

function checkChoice(definition: JsonObject, value: string | number): void {
  const choices = objects(definition["choices"]).map((choice) => choice["value"]);
  if (choices.length > 0 && !choices.includes(value))
    throw new Error(`choose one of: ${choices.join(", ")}`);
}

function resolveUser({ stage: { world }, channel, resolved }: Asking, user: User): string {
  resolved["users"] = { ...resolved["users"], [user.id]: toApiUser(user) };
  const member =
    channel.guildId === null ? undefined : world.guild(channel.guildId).members.get(user.id);
  if (member) {
    const permissions = String(permissionsIn(world, user.id, channel));
    const { user: _, ...partial } = toApiMember(member);
    resolved["members"] = { ...resolved["members"], [user.id]: { ...partial, permissions } };
  }
  return user.id;
}

function resolveChannel({ stage: { world }, user, resolved }: Asking, channel: Channel): string {
  const permissions = String(permissionsIn(world, user.id, channel));
  resolved["channels"] = {
    ...resolved["channels"],
    [channel.id]: { ...toApiChannel(channel), permissions },
  };
  return channel.id;
}

function resolveRole({ stage: { world }, channel, resolved }: Asking, idOrName: string): string {
  const roles = channel.guildId === null ? [] : [...world.guild(channel.guildId).roles.values()];
  const role = roles.find(({ id, name }) => id === idOrName || name === idOrName);
  if (!role) throw new Error(`no role "${idOrName}"`);
  resolved["roles"] = { ...resolved["roles"], [role.id]: toApiRole(role) };
  return role.id;
}

function resolveFile({ stage: { world }, resolved }: Asking, file: ActorFile): string {
  const id = world.nextId();
  const upload = toUpload(file);
  world.uploads.set(id, upload);
  const { filename, contentType, bytes } = upload;
  const shown = {
    id,
    filename,
    description: null,
    contentType,
    sizeBytes: bytes.length,
    durationSecs: null,
  };
  resolved["attachments"] = {
    ...resolved["attachments"],
    [id]: toApiAttachment(world, world.application.id, shown),
  };
  return id;
}
