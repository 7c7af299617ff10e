import type { Tool } from "../../kit/tool.ts";
import type { QontakDeps } from "../deps.ts";
import type { Entity } from "../entities/entity.ts";
import { listTool } from "./list-tool.ts";
import { getTool } from "./read-tools.ts";
import { requiredTool, templateTool } from "./template-tools.ts";
import { createTool, deleteTool, updateTool } from "./write-tools.ts";

/** What can be done with every kind of thing. */
export const entityTools = (deps: QontakDeps, entity: Entity): readonly Tool[] => [
  ...(entity.template
    ? [templateTool(deps, entity), requiredTool(deps, entity, entity.template)]
    : []),
  listTool(deps, entity),
  getTool(deps, entity),
  createTool(deps, entity),
  updateTool(deps, entity),
  deleteTool(deps, entity),
];
