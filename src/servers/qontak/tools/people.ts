import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import type { QontakDeps } from "../deps.ts";
import { companies } from "../entities/companies.ts";
import { contacts } from "../entities/contacts.ts";
import type { Entity } from "../entities/entity.ts";
import { anyId, id } from "../entities/fields.ts";
import { entityTools } from "./entity-tools.ts";
import { chatTool, historyTool } from "./read-tools.ts";

/** Contacts and companies. */
export const people = (deps: QontakDeps): readonly Tool[] => [
  ...entityTools(deps, contacts),
  timelineTool(deps, contacts),
  chatTool(deps, contacts),
  ownerTool(deps, contacts),
  ...entityTools(deps, companies),
  timelineTool(deps, companies),
];

/** get_<one>_timeline. */
export const timelineTool = (deps: QontakDeps, entity: Entity): Tool =>
  historyTool(deps, entity, {
    name: `get_${entity.one}_timeline`,
    title: `Timeline of a ${entity.says}`,
    description: `Who did what to a ${entity.says}, and when, the newest first.`,
    path: "timeline",
    columns: ["when", "who", "what", "why", "content"],
  });

/** update_<one>_owner. */
export const ownerTool = ({ api }: QontakDeps, { one, many, says, path, idName }: Entity): Tool =>
  defineTool({
    name: `update_${one}_owner`,
    title: `Give a ${says} to somebody`,
    description: `Makes somebody else the owner of a ${says}.`,
    effect: "update",
    idempotent: true,
    input: z.object({
      [idName]: anyId.describe(`id from list_${many}`),
      creator_id: id.describe(`The new owner: an option of creator_id in get_${one}_template`),
    }),
    output: z.object({
      id: z.union([z.int(), z.string()]),
      creator_id: z.int().nullable().describe("Who owns it now"),
      is_changed: z.boolean(),
    }),
    async run(given, call) {
      const { [idName]: of, creator_id } = given;
      const at = `${path}/${String(of)}`;
      await api.write(call, { method: "PUT", path: `${at}/update_owner`, json: { creator_id } });
      const now = (await api.one(call, at))["creator_id"];
      const owner = typeof now === "number" ? now : null;
      const is_changed = owner === creator_id;
      return {
        data: { id: of as number | string, creator_id: owner, is_changed },
        text: is_changed
          ? `${String(creator_id)} owns ${says} ${String(of)} now.`
          : `Qontak did not change the owner of ${says} ${String(of)}.`,
      };
    },
  });
