import { sql } from "drizzle-orm/sql";
import type { McpServerId } from "../core/ids.ts";
import type { McpTool, McpTools } from "../core/mcp.ts";
import { rows, type Database, type Db } from "./database.ts";
import { toJson } from "./json.ts";

const COLUMNS = sql`
  name, offered_name as "offeredName", hash, description, input_schema as "inputSchema",
  output_schema as "outputSchema", annotations, approved_hash as "approvedHash",
  approved_description as "approvedDescription", approved_shape as "approvedShape"`;

export function createMcpTools({ db, transact }: Database): McpTools {
  return {
    of: (id) => listed(db, id),

    see: (id, tools) =>
      transact(async ({ db: inside }) => {
        await rows(inside, sql`update mcp_tools set is_listed = false where server_id = ${id}`);
        await rows(
          inside,
          sql`
            insert into mcp_tools (server_id, name, offered_name, hash, description, input_schema, output_schema,
              annotations)
            select ${id}, t->>'name', t->>'offeredName', t->>'hash', t->>'description', t->'inputSchema',
              nullif(t->'outputSchema', 'null'), t->'annotations'
            from jsonb_array_elements(${toJson(tools)}::jsonb) as t
            where exists (select from mcp_servers where id = ${id})
            on conflict (server_id, name) do update set is_listed = true, hash = excluded.hash,
              description = excluded.description, input_schema = excluded.input_schema,
              output_schema = excluded.output_schema, annotations = excluded.annotations`,
        );
        return listed(inside, id);
      }),

    async approve(id, by, tools) {
      const approved = await rows(
        db,
        sql`
          update mcp_tools set approved_hash = hash, approved_description = description,
            approved_shape = jsonb_build_object('inputSchema', input_schema, 'outputSchema', output_schema,
              'annotations', annotations), approved_by = ${by},
            approved_at = now()
          from jsonb_array_elements(${toJson(tools)}::jsonb) as t
          where server_id = ${id} and name = t->>'name' and hash = t->>'hash'
          returning name`,
      );
      return approved.length;
    },
  };
}

const listed = (db: Db, id: McpServerId): Promise<readonly McpTool[]> =>
  rows<McpTool>(
    db,
    sql`select ${COLUMNS} from mcp_tools where server_id = ${id} and is_listed order by name`,
  );
