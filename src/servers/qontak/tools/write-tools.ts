import { z } from "zod";
import type { Call } from "../../kit/call.ts";
import { Failure } from "../../kit/failure.ts";
import { defineTool, type Tool } from "../../kit/tool.ts";
import type { Write } from "../api/client.ts";
import { row, type Row } from "../api/wire.ts";
import type { QontakDeps } from "../deps.ts";
import { createShape, readSaid, updateShape } from "../draft.ts";
import type { Entity } from "../entities/entity.ts";
import { anyId } from "../entities/fields.ts";
import { notApplied } from "../not-applied.ts";
import { recordOut, toRecord } from "../records.ts";
import { bodyFor } from "./body.ts";

/** create_<one>. */
export const createTool = (deps: QontakDeps, entity: Entity): Tool =>
  defineTool({
    name: `create_${entity.one}`,
    title: `Create a ${entity.says}`,
    description: `Creates a ${entity.says}.${entity.template ? ` What this company requires is checked first: get_required_fields_for_${entity.one} shows it.` : ""}`,
    effect: "create",
    input: z.object(createShape(entity)),
    output: z.object({ record: recordOut }),
    async run(given, call) {
      const json = await bodyFor(deps, entity, readSaid(entity, given), null, call);
      const answer = await sent(deps, call, { method: "POST", path: entity.path, json });
      const record = created(answer, entity);
      return { data: { record }, text: `Created ${entity.says} ${String(record.id)}.` };
    },
  });

function created(answer: unknown, { says, many }: Entity) {
  const read = row.safeParse(Array.isArray(answer) ? answer[0] : answer);
  if (read.success && (typeof read.data["id"] === "number" || typeof read.data["id"] === "string"))
    return toRecord(read.data);
  throw new Failure("SCHEMA_MISMATCH", `Qontak took the ${says} but does not say its id.`, {
    hint: `It is there: list_${many} shows it. Do not create it again.`,
    cause: read.error,
  });
}

/** update_<one>. */
export const updateTool = (deps: QontakDeps, entity: Entity): Tool =>
  defineTool({
    name: `update_${entity.one}`,
    title: `Change a ${entity.says}`,
    description: `Changes the fields of a ${entity.says} that are given, and leaves the others; null empties one.`,
    effect: "update",
    idempotent: true,
    input: z.object(updateShape(entity)),
    output: z.object({
      record: recordOut.describe("As it is now"),
      not_applied: z.array(z.string()).describe("Fields that Qontak did not change"),
    }),
    run: (given, call) => update(deps, entity, given, call),
  });

async function update(deps: QontakDeps, entity: Entity, given: Row, call: Call) {
  const { [entity.idName]: id, ...changes } = given;
  if (Object.values(changes).every((value) => value === undefined)) throw nothingToChange(entity);
  const path = `${entity.path}/${String(id)}`;
  const current = await deps.api.one(call, path);
  const json = await bodyFor(deps, entity, readSaid(entity, changes), current, call);
  await sent(deps, call, { method: "PUT", path, json });
  const now = await deps.api.one(call, path);
  const not_applied = [...notApplied(json, current, now)];
  const more =
    not_applied.length > 0
      ? ` Qontak did not change ${not_applied.join(", ")}: tell the person.`
      : "";
  return {
    data: { record: toRecord(now), not_applied },
    text: `Changed ${entity.says} ${String(id)}.${more}`,
  };
}

/** What Qontak refuses though its template allows it: the template may have changed, and is read anew next time. */
async function sent({ api }: QontakDeps, call: Call, write: Write): Promise<unknown> {
  try {
    return await api.write(call, write);
  } catch (thrown) {
    const isRefused = thrown instanceof Failure && thrown.code === "UPSTREAM_REJECTED";
    if (isRefused) await api.forget(call, "templates");
    throw thrown;
  }
}

const nothingToChange = ({ says }: Entity): Failure =>
  new Failure("INVALID_ARGUMENT", `Nothing was said to change about the ${says}.`, {
    hint: "Give at least one field.",
  });

/** delete_<one>. */
export const deleteTool = ({ api }: QontakDeps, { one, many, says, path, idName }: Entity): Tool =>
  defineTool({
    name: `delete_${one}`,
    title: `Delete a ${says}`,
    description: `Deletes a ${says} for good. There is no way back: ask the person first.`,
    effect: "delete",
    input: z.object({ [idName]: anyId.describe(`id from list_${many}`) }),
    output: z.object({ id: z.union([z.int(), z.string()]), is_deleted: z.boolean() }),
    async run(given, call) {
      const id = given[idName] as number | string;
      await api.write(call, { method: "DELETE", path: `${path}/${String(id)}` });
      return { data: { id, is_deleted: true }, text: `Deleted ${says} ${String(id)}.` };
    },
  });
