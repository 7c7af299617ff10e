import { sql } from "drizzle-orm/sql";
import type { Clicker, RuleHolder, ToolRule, ToolRules, Verdict } from "../core/approvals.ts";
import type { Conversation } from "../core/message.ts";
import { isGuildAdmin, readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import { array, rows, type Db } from "./database.ts";

/** Of one guild, channel or person; who wants more has lost track of them. */
const MAX_RULES = 200;

export function createToolRules(db: Db): ToolRules {
  return {
    async of(scope, place) {
      readableKeys(scope);
      const keys = [
        ...guildKey(scope),
        `channel:${place.id}`,
        ...parentKey(place),
        `person:${scope.principal.userId}`,
      ];
      const found = await rows<RuleRow>(
        db,
        sql`select holder, tool, verdict, clicker from tool_rules where holder = any(${array(keys)})`,
      );
      return found.map(toRule);
    },

    async set(scope, place, { holder, tool, verdict, clicker }) {
      const key = ownKey(scope, place, holder);
      if (holder === "person" && (verdict === "allow" || clicker !== "asker"))
        throw new ScopeError("A person's own rules can only be stricter: ask or deny");
      const set = await rows(
        db,
        sql`
          insert into tool_rules (holder, tool, verdict, clicker, set_by)
          select ${key}, ${tool}, ${verdict}, ${clicker}, ${scope.principal.userId}
          where (select count(*) from tool_rules where holder = ${key} and tool <> ${tool}) < ${MAX_RULES}
          on conflict (holder, tool) do update set
            verdict = excluded.verdict, clicker = excluded.clicker, set_by = excluded.set_by, set_at = now()
          returning holder`,
      );
      if (set.length === 0)
        throw new ScopeError(`There are ${MAX_RULES} rules already; remove one first`);
    },

    async remove(scope, place, { holder, tool }) {
      const key = ownKey(scope, place, holder);
      const gone = await rows(
        db,
        sql`delete from tool_rules where holder = ${key} and tool = ${tool} returning holder`,
      );
      return gone.length > 0;
    },
  };
}

interface RuleRow {
  readonly holder: string;
  readonly tool: string;
  readonly verdict: Verdict;
  readonly clicker: Clicker;
}

const toRule = ({ holder, ...rule }: RuleRow): ToolRule => ({
  ...rule,
  holder: holder.slice(0, holder.indexOf(":")) as RuleHolder,
});

const guildKey = ({ principal }: Scope): readonly string[] =>
  principal.guildId === null ? [] : [`guild:${principal.guildId}`];

/** A thread obeys the rules of its channel, too. */
const parentKey = ({ platform, parentId }: Conversation): readonly string[] =>
  parentId === null ? [] : [`channel:${platform}:channel:${parentId}`];

/** The key under which the principal may change rules. */
function ownKey(scope: Scope, place: Conversation, holder: RuleHolder): string {
  readableKeys(scope);
  const { principal } = scope;
  if (holder === "person") return `person:${principal.userId}`;
  if (principal.guildId === null || principal.guildId !== place.guildId)
    throw new ScopeError("Rules for everybody exist in servers only, and are set there");
  if (!isGuildAdmin(principal)) throw new ScopeError("Only who may manage the server sets them");
  return holder === "guild" ? `guild:${principal.guildId}` : `channel:${place.id}`;
}
