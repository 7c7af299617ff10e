import {
  ApplicationCommandOptionType as Kind,
  ApplicationCommandType,
} from "discord-api-types/v10";

import { DiscordError } from "../world/errors.ts";
import type { JsonObject } from "../world/model.ts";
import { Form, lengthOf, objects, textOf } from "./form.ts";

const MAX_COMMANDS = 100;
const MAX_MENUS = 15;
const MAX_COMMAND_TEXT = 8000;
const MAX_OPTIONS = 25;
const MAX_CHOICES = 25;
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming
const CHAT_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** Throws 50035 for what Discord would not register. */
export function checkCommands(commands: readonly JsonObject[]): void {
  checkCounts(commands);
  const form = new Form();
  for (const [index, command] of commands.entries()) {
    const path = commands.length === 1 ? "" : `${index}.`;
    checkCommand(form, path, command);
  }
  const names = commands.map(({ type, name }) => JSON.stringify([type ?? 1, name]));
  const repeated = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (repeated >= 0) {
    form.fail(
      `${repeated}.name`,
      "APPLICATION_COMMANDS_DUPLICATE_NAME",
      "Application command names must be unique",
    );
  }
  form.finish();
}

function checkCounts(commands: readonly JsonObject[]): void {
  const ofType = (type: number) => commands.filter((one) => (one["type"] ?? 1) === type).length;
  if (ofType(ApplicationCommandType.ChatInput) > MAX_COMMANDS) tooMany(MAX_COMMANDS);
  if (ofType(ApplicationCommandType.User) > MAX_MENUS) tooMany(MAX_MENUS);
  if (ofType(ApplicationCommandType.Message) > MAX_MENUS) tooMany(MAX_MENUS);
}

function tooMany(max: number): never {
  throw new DiscordError(400, 30_032, `Maximum number of application commands reached (${max}).`);
}

function checkCommand(form: Form, path: string, command: JsonObject): void {
  const isChat = (command["type"] ?? 1) === ApplicationCommandType.ChatInput;
  form.required(`${path}name`, command["name"]);
  if (isChat) {
    checkName(form, `${path}name`, command["name"]);
    form.required(`${path}description`, command["description"]);
    form.text(`${path}description`, command["description"], { min: 1, max: 100 });
  } else {
    form.text(`${path}name`, command["name"], { min: 1, max: 32 });
    if (command["description"]) {
      form.fail(
        `${path}description`,
        "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED",
        "Context menu commands cannot have description",
      );
    }
  }
  checkOptions(form, path, objects(command["options"]));
  if (textSize(command) > MAX_COMMAND_TEXT) {
    form.fail(
      `${path}_`,
      "APPLICATION_COMMAND_TOO_LARGE",
      `Command exceeds maximum size (${MAX_COMMAND_TEXT})`,
    );
  }
}

function checkName(form: Form, path: string, name: unknown): void {
  const text = textOf(name) ?? "";
  if (CHAT_NAME.test(text) && text === text.toLowerCase()) return;
  form.fail(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
}

function checkOptions(form: Form, path: string, options: readonly JsonObject[]): void {
  form.count(`${path}options`, options.length, { max: MAX_OPTIONS });
  const firstOptional = options.findIndex(({ required }) => required !== true);
  for (const [index, option] of options.entries()) {
    const here = `${path}options.${index}`;
    checkName(form, `${here}.name`, option["name"]);
    form.required(`${here}.description`, option["description"]);
    form.text(`${here}.description`, option["description"], { min: 1, max: 100 });
    form.required(`${here}.type`, option["type"]);
    if (option["required"] === true && firstOptional >= 0 && firstOptional < index) {
      form.fail(
        here,
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        "Required options must be placed before non-required options",
      );
    }
    checkChoices(form, here, option);
    const isNested = option["type"] === Kind.Subcommand || option["type"] === Kind.SubcommandGroup;
    if (isNested) checkOptions(form, `${here}.`, objects(option["options"]));
  }
  const names = options.map(({ name }) => name);
  if (new Set(names).size !== names.length) {
    form.fail(
      `${path}options`,
      "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
      "Option name already exists",
    );
  }
}

function checkChoices(form: Form, path: string, option: JsonObject): void {
  const choices = objects(option["choices"]);
  form.count(`${path}.choices`, choices.length, { max: MAX_CHOICES });
  for (const [index, choice] of choices.entries()) {
    form.text(`${path}.choices.${index}.name`, choice["name"], { min: 1, max: 100 });
  }
}

/** Names, descriptions and values of a command and all in it count together. */
function textSize(part: JsonObject): number {
  const own = [part["name"], part["description"], part["value"]];
  const inside = [...objects(part["options"]), ...objects(part["choices"])];
  return (
    own.reduce((sum: number, text) => sum + lengthOf(textOf(text) ?? ""), 0) +
    inside.reduce((sum, one) => sum + textSize(one), 0)
  );
}
