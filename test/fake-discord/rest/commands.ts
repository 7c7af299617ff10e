import { ApplicationCommandType } from "discord-api-types/v10";

import { checkCommands } from "../forms/command-form.ts";
import { isObject } from "../forms/form.ts";
import { missingAccess, unknownCommand } from "../world/errors.ts";
import type { Command, JsonObject } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { type RestRequest, type Route, created, noContent, ok, on } from "./route.ts";

const GLOBAL = "/applications/:applicationId/commands";
const IN_GUILD = "/applications/:applicationId/guilds/:guildId/commands";

export function commandRoutes(world: World): Route[] {
  return [GLOBAL, IN_GUILD].flatMap((path) => routesUnder(world, path));
}

function routesUnder(world: World, path: string): Route[] {
  const scopeOf = (request: RestRequest): string => {
    if (request.param("applicationId") !== world.application.id) throw missingAccess();
    const guildId = request.param("guildId");
    return guildId === "" ? "global" : world.guild(guildId).id;
  };
  const commandOf = (request: RestRequest): Command => {
    const found = world.commandsIn(scopeOf(request)).get(request.param("commandId"));
    if (!found) throw unknownCommand();
    return found;
  };

  return [
    on(`GET ${path}`, (request) => ok([...world.commandsIn(scopeOf(request)).values()])),
    on(`PUT ${path}`, (request) => ok(replaceAll(world, scopeOf(request), request.list))),
    on(`POST ${path}`, (request) => created(put(world, scopeOf(request), request.body))),
    on(`GET ${path}/:commandId`, (request) => ok(commandOf(request))),
    on(`PATCH ${path}/:commandId`, (request) => {
      const { name, type } = commandOf(request);
      return ok(put(world, scopeOf(request), { name, type, ...request.body }));
    }),
    on(`DELETE ${path}/:commandId`, (request) => {
      world.commandsIn(scopeOf(request)).delete(commandOf(request).id);
      return noContent();
    }),
  ];
}

/** What is not in the list is gone; what is there under the same name keeps its id. */
function replaceAll(world: World, scope: string, list: readonly unknown[]): Command[] {
  const wanted = list.filter(isObject);
  checkCommands(wanted);
  const before = new Map(world.commandsIn(scope));
  world.commandsIn(scope).clear();
  return wanted.map((body) => store(world, scope, body, [...before.values()]));
}

/** Discord replaces a command of the same name and type instead of refusing it. */
function put(world: World, scope: string, body: JsonObject): Command {
  checkCommands([body]);
  return store(world, scope, body, [...world.commandsIn(scope).values()]);
}

function store(world: World, scope: string, body: JsonObject, known: readonly Command[]): Command {
  const type = body["type"] ?? ApplicationCommandType.ChatInput;
  const before = known.find((one) => one.name === body["name"] && one.type === type);
  const id = before?.id ?? world.nextId();
  const command = {
    description: "",
    options: [],
    default_member_permissions: null,
    nsfw: false,
    ...body,
    id,
    type,
    application_id: world.application.id,
    version: world.nextId(),
    ...(scope === "global"
      ? {
          integration_types: body["integration_types"] ?? [0],
          contexts: body["contexts"] ?? null,
        }
      : { guild_id: scope }),
    // The form was checked as far as Discord's limits go; the rest is shown back as it came.
  } as unknown as Command;
  world.commandsIn(scope).set(id, command);
  return command;
}
