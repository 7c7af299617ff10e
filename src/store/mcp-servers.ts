import { sql } from "drizzle-orm/sql";
import { conversationId, guildId, userId } from "../core/ids.ts";
import {
  mayUse,
  mcpSecretName,
  type McpAccess,
  type McpServer,
  type McpServerChange,
  type McpServers,
} from "../core/mcp.ts";
import { readableKeys } from "../core/principal.ts";
import type { Database, Db } from "./database.ts";
import { array, rows } from "./database.ts";
import { toJson, toText } from "./json.ts";
import { ownerKey, toOwner } from "./owners.ts";

/** Servers that one owner may have. */
const MAX_SERVERS = 50;
/** Characters of what is told of a server's state. */
const MAX_DETAIL_CHARS = 4_000;

interface ServerRow extends Omit<McpServer, "owner" | "access" | "status"> {
  readonly owner: string;
  readonly state: McpServer["status"]["state"];
  readonly stateDetail: string | null;
  readonly stateSince: string;
  readonly access: readonly AccessRow[];
}

interface AccessRow {
  readonly kind: McpAccess["kind"];
  readonly key: string;
}

const COLUMNS = sql`
  s.id, s.owner, s.name, s.display_name as "displayName", s.source, s.launch, s.is_enabled as "isEnabled",
  s.is_hot_reload as "isHotReload", s.origin, s.installed_by as "installedBy", s.timeout_ms as "timeoutMs", s.revision,
  s.state, s.state_detail as "stateDetail", s.state_since as "stateSince",
  coalesce((
    select jsonb_agg(jsonb_build_object('kind', a.kind, 'key', a.key) order by a.kind, a.key)
    from mcp_access a where a.server_id = s.id), '[]') as access`;

export function createMcpServers({ db, transact }: Database): McpServers {
  return {
    async changed(since) {
      const mark = await markOf(db);
      if (mark === since) return null;
      const found = await rows<ServerRow>(
        db,
        sql`select ${COLUMNS} from mcp_servers s order by s.name, s.id`,
      );
      return { mark, servers: found.map(toServer) };
    },

    async visible(scope) {
      readableKeys(scope);
      const { userId: person, guildId: guild } = scope.principal;
      const owners = [
        "operator",
        ownerKey({ kind: "person", userId: person }),
        ...(guild === null ? [] : [ownerKey({ kind: "guild", guildId: guild })]),
      ];
      const found = await rows<ServerRow>(
        db,
        sql`
          select ${COLUMNS} from mcp_servers s where s.owner = any(${array(owners)})
          order by s.name, s.id`,
      );
      return found.map(toServer).filter((server) => mayUse(server, scope));
    },

    async byId(id) {
      const [row] = await rows<ServerRow>(
        db,
        sql`select ${COLUMNS} from mcp_servers s where s.id = ${id}`,
      );
      return row ? toServer(row) : null;
    },

    async add(server) {
      const added = await rows(
        db,
        sql`
          insert into mcp_servers (id, owner, name, display_name, source, launch, is_enabled, is_hot_reload, origin,
            installed_by, timeout_ms)
          select ${server.id}, ${ownerKey(server.owner)}, ${server.name}, ${toText(server.displayName)},
            ${toJson(server.source)}::jsonb, ${toJson(server.launch)}::jsonb, ${server.isEnabled},
            ${server.isHotReload}, ${server.origin}, ${server.installedBy}, ${server.timeoutMs}
          where (select count(*) from mcp_servers where owner = ${ownerKey(server.owner)}) < ${MAX_SERVERS}
          on conflict do nothing returning id`,
      );
      return added.length > 0;
    },

    async change(id, change) {
      const changed = await rows(
        db,
        sql`update mcp_servers set ${assignments(change)} where id = ${id} returning id`,
      );
      return changed.length > 0;
    },

    remove: (id) =>
      transact(async ({ db: inside }) => {
        const gone = await rows(inside, sql`delete from mcp_servers where id = ${id} returning id`);
        await rows(
          inside,
          sql`delete from secrets where starts_with(name, ${mcpSecretName(id, "")})`,
        );
        return gone.length > 0;
      }),

    async allow(id, access, isAllowed) {
      const key = accessKey(access);
      await rows(
        db,
        isAllowed
          ? sql`
              insert into mcp_access (server_id, kind, key)
              select id, ${access.kind}, ${key} from mcp_servers where id = ${id}
              on conflict do nothing`
          : sql`
              delete from mcp_access where server_id = ${id} and kind = ${access.kind} and key = ${key}`,
      );
    },

    async tell(id, { state, detail }) {
      const shown = detail === null ? null : toText(detail).slice(0, MAX_DETAIL_CHARS);
      await rows(
        db,
        sql`
          update mcp_servers set state = ${state}, state_detail = ${shown},
            state_since = case when state = ${state} then state_since else now() end
          where id = ${id}`,
      );
    },
  };
}

/** Of all that whoever runs the servers has to know: not of what he tells himself. */
async function markOf(db: Db): Promise<string> {
  const [row] = await rows<{ mark: string }>(
    db,
    sql`
      select md5(
        coalesce((select string_agg(id || ' ' || revision, ',' order by id) from mcp_servers), '') || ';' ||
        coalesce((select string_agg(server_id || ' ' || kind || ' ' || key, ',' order by server_id, kind, key)
          from mcp_access), '') || ';' ||
        coalesce((select string_agg(server_id || ' ' || approved_hash, ',' order by server_id, name)
          from mcp_tools where approved_hash is not null), '')) as mark`,
  );
  return row?.mark ?? "";
}

function assignments({
  displayName,
  source,
  launch,
  isEnabled,
  isHotReload,
  timeoutMs,
}: McpServerChange) {
  const parts = [sql`revision = revision + 1`];
  if (displayName !== undefined) parts.push(sql`display_name = ${toText(displayName)}`);
  if (source !== undefined) parts.push(sql`source = ${toJson(source)}::jsonb`);
  if (launch !== undefined) parts.push(sql`launch = ${toJson(launch)}::jsonb`);
  if (isEnabled !== undefined) parts.push(sql`is_enabled = ${isEnabled}`);
  if (isHotReload !== undefined) parts.push(sql`is_hot_reload = ${isHotReload}`);
  if (timeoutMs !== undefined) parts.push(sql`timeout_ms = ${timeoutMs}`);
  return sql.join(parts, sql`, `);
}

const toServer = ({
  owner,
  access,
  state,
  stateDetail,
  stateSince,
  ...row
}: ServerRow): McpServer => ({
  ...row,
  owner: toOwner(owner),
  access: access.map(toAccess),
  status: { state, detail: stateDetail, since: new Date(stateSince) },
});

function accessKey(access: McpAccess): string {
  switch (access.kind) {
    case "guild":
      return access.guildId;
    case "person":
      return access.userId;
    case "place":
      return `${access.userId} ${access.conversationId}`;
  }
}

function toAccess({ kind, key }: AccessRow): McpAccess {
  switch (kind) {
    case "guild":
      return { kind, guildId: guildId(key) };
    case "person":
      return { kind, userId: userId(key) };
    case "place": {
      const [person = "", place = ""] = key.split(" ");
      return { kind, userId: userId(person), conversationId: conversationId(place) };
    }
  }
}
