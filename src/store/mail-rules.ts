import { sql } from "drizzle-orm/sql";
import { MAX_MAIL_RULES, type MailRules } from "../core/mail-rules.ts";
import { rows, type Database } from "./database.ts";
import { toJson, toText } from "./json.ts";
import { ownerOf, RULE, toRule, type RuleRow } from "./mail-rows.ts";
import { lockOwner } from "./reminder-rows.ts";

export function createMailRules({ db, transact }: Database): MailRules {
  return {
    async save(scope, rule) {
      const owner = ownerOf(scope);
      return transact(async (transaction) => {
        await lockOwner(transaction.db, scope);
        const { accountId } = rule;
        if (accountId !== null) {
          const own = await rows(
            transaction.db,
            sql`select from mail_accounts where id = ${accountId} and owner_id = ${owner}`,
          );
          if (own.length === 0) return { kind: "no-account" };
        }
        const [row] = await rows<RuleRow>(
          transaction.db,
          sql`
            insert into mail_rules as r (owner_id, account_id, name, is_enabled, priority, definition, importance,
              action, pings, label, prompt, preset)
            select ${owner}, ${accountId}::bigint, ${toText(rule.name)}, ${rule.isEnabled}::boolean,
              ${rule.priority}::int, ${toJson(rule.definition)}::jsonb, ${rule.importance}, ${rule.action},
              ${rule.pings}::boolean, ${rule.label === null ? null : toText(rule.label)},
              ${rule.prompt === null ? null : toText(rule.prompt)}, ${rule.preset}
            where (
              select count(*) from mail_rules where owner_id = ${owner} and name <> ${toText(rule.name)}
            ) < ${MAX_MAIL_RULES}
            on conflict (owner_id, name) do update set
              account_id = excluded.account_id, is_enabled = excluded.is_enabled, priority = excluded.priority,
              definition = excluded.definition, importance = excluded.importance, action = excluded.action,
              pings = excluded.pings, label = excluded.label, prompt = excluded.prompt, preset = excluded.preset
            returning ${RULE}`,
        );
        return row ? { kind: "saved", rule: toRule(row) } : { kind: "too-many" };
      });
    },

    async list(scope) {
      const found = await rows<RuleRow>(
        db,
        sql`
          select ${RULE} from mail_rules r where r.owner_id = ${ownerOf(scope)}
          order by r.priority desc, r.id`,
      );
      return found.map(toRule);
    },

    async remove(scope, id) {
      const gone = await rows(
        db,
        sql`delete from mail_rules where id = ${id} and owner_id = ${ownerOf(scope)} returning id`,
      );
      return gone.length > 0;
    },

    async removePreset(scope, preset) {
      const gone = await rows(
        db,
        sql`delete from mail_rules where preset = ${preset} and owner_id = ${ownerOf(scope)} returning id`,
      );
      return gone.length;
    },
  };
}
