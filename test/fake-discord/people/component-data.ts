import { ComponentType } from "discord-api-types/v10";

import { flatten } from "../forms/component-form.ts";
import { isObject, numberOf, objects, textOf } from "../forms/form.ts";
import { toApiChannel, toApiRole, toApiUser } from "../payloads/guild.ts";
import type { JsonObject, Message } from "../world/model.ts";
import type { Stage } from "./stage.ts";

/** What a press or a choice sends. Throws for what the client would not let a person do. */
export function componentData(
  stage: Stage,
  message: Message,
  name: string,
  values: readonly string[] | undefined,
): JsonObject {
  const all = objects(message.components).flatMap(flatten);
  const found = all.find((one) =>
    [one["custom_id"], one["label"], one["placeholder"]].includes(name),
  );
  if (!found) {
    const known = all.map((one) => textOf(one["custom_id"])).filter((id) => id !== undefined);
    throw new Error(
      `no component "${name}" on this message; it has: ${known.join(", ") || "none"}`,
    );
  }
  if (found["disabled"] === true) throw new Error(`"${name}" is disabled`);
  const base = { custom_id: found["custom_id"], component_type: found["type"] };
  if (found["type"] === ComponentType.Button) return base;

  checkValues(found, values ?? []);
  return { ...base, values: values ?? [], ...resolvedFor(stage, found["type"], values ?? []) };
}

function checkValues(select: JsonObject, values: readonly string[]): void {
  const least = numberOf(select["min_values"]) ?? 1;
  const most = numberOf(select["max_values"]) ?? 1;
  if (values.length < least || values.length > most) {
    throw new Error(`choose ${least} to ${most} values, not ${values.length}`);
  }
  if (select["type"] !== ComponentType.StringSelect) return;
  const offered = objects(select["options"]).map((option) => option["value"]);
  const unknown = values.find((value) => !offered.includes(value));
  if (unknown !== undefined)
    throw new Error(`"${unknown}" is not offered; there is: ${offered.join(", ")}`);
}

function resolvedFor({ world }: Stage, type: unknown, ids: readonly string[]): JsonObject {
  const users = ids.map((id) => world.users.get(id)).filter((user) => user !== undefined);
  const channels = ids
    .map((id) => world.channels.get(id))
    .filter((channel) => channel !== undefined);
  const allRoles = [...world.guilds.values()].flatMap((guild) => [...guild.roles.values()]);
  const roles = allRoles.filter(({ id }) => ids.includes(id));
  if (type === ComponentType.StringSelect) return {};
  return {
    resolved: {
      users: Object.fromEntries(users.map((user) => [user.id, toApiUser(user)])),
      roles: Object.fromEntries(roles.map((role) => [role.id, toApiRole(role)])),
      channels: Object.fromEntries(channels.map((channel) => [channel.id, toApiChannel(channel)])),
    },
  };
}

/** A filled form: each row or label of the modal with what was written into it. */
export function modalData(
  modal: JsonObject,
  fields: Readonly<Record<string, string | readonly string[]>>,
): JsonObject {
  const rows = objects(modal["components"]);
  const inputs = rows.flatMap(flatten).filter((one) => one["custom_id"] !== undefined);
  const known = inputs.map((one) => String(one["custom_id"]));
  const stray = Object.keys(fields).find((name) => !known.includes(name));
  if (stray !== undefined)
    throw new Error(`no field "${stray}" in this form; it has: ${known.join(", ")}`);
  return {
    custom_id: modal["custom_id"],
    components: rows.map((row) => filledRow(row, fields)),
  };
}

function filledRow(
  row: JsonObject,
  fields: Readonly<Record<string, string | readonly string[]>>,
): JsonObject {
  const { type, id } = row;
  const base = { type, ...(id === undefined ? {} : { id }) };
  if (isObject(row["component"])) return { ...base, component: filled(row["component"], fields) };
  const children = objects(row["components"]);
  return children.length > 0
    ? { ...base, components: children.map((one) => filled(one, fields)) }
    : base;
}

function filled(
  input: JsonObject,
  fields: Readonly<Record<string, string | readonly string[]>>,
): JsonObject {
  const { type, custom_id } = input;
  const given = fields[String(custom_id)] ?? textOf(input["value"]);
  if (input["required"] !== false && (given === undefined || given.length === 0)) {
    throw new Error(`"${String(custom_id)}" is required`);
  }
  if (type !== ComponentType.TextInput) {
    return { type, custom_id, values: typeof given === "string" ? [given] : [...(given ?? [])] };
  }
  const text = typeof given === "string" ? given : "";
  const most = numberOf(input["max_length"]) ?? 4000;
  if (text.length > most)
    throw new Error(`"${String(custom_id)}" holds ${most} characters at most`);
  return { type, custom_id, value: text };
}
