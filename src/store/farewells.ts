import assert from "node:assert/strict";
import { sql, type SQL } from "drizzle-orm/sql";
import type { Farewells, Removed } from "../core/farewells.ts";
import type { UserId } from "../core/ids.ts";
import type { Json } from "../core/model.ts";
import { aloneScope, readableKeys, ScopeError, type Scope } from "../core/principal.ts";
import { rows, type Database, type Db } from "./database.ts";
import { forgetAllOf, GRACE_HOURS, restoreAllOf } from "./memory-forget.ts";
import { lockPerson, markShelves, type Changed } from "./memory-rows.ts";

/** Rows of each kind in a copy; of more the newest. */
const MAX_COPIED = 10_000;

export interface FarewellDeps {
  readonly database: Database;
}

export function createFarewells({ database }: FarewellDeps): Farewells {
  const { db, transact } = database;
  const pending = async (scope: Scope): Promise<Date | null> => {
    checkPrivate(scope);
    const [row] = await rows<{ dueAt: Date }>(
      db,
      sql`select due_at as "dueAt" from farewells where person_id = ${scope.principal.userId}`,
    );
    return row?.dueAt ?? null;
  };
  return {
    pending,

    async ask(scope) {
      checkPrivate(scope);
      return transact(async (transaction) => {
        await lockPerson(transaction.db, scope);
        const asked = await rows(
          transaction.db,
          sql`
            insert into farewells (person_id, due_at, forgotten_before)
            select person_id, now() + make_interval(hours => ${GRACE_HOURS}), forgotten_at
            from memory_people where person_id = ${scope.principal.userId}
            on conflict (person_id) do nothing returning person_id`,
        );
        if (asked.length > 0) await forgetAllOf(transaction.db, scope);
        const [row] = await rows<{ dueAt: Date }>(
          transaction.db,
          sql`select due_at as "dueAt" from farewells where person_id = ${scope.principal.userId}`,
        );
        assert(row, "A farewell that was asked for, or there already, is there");
        return row.dueAt;
      });
    },

    async takeBack(scope) {
      checkPrivate(scope);
      const { userId } = scope.principal;
      return transact(async (transaction) => {
        await lockPerson(transaction.db, scope);
        // When it is due, places outside may be told and files be gone already.
        const asked = await rows(
          transaction.db,
          sql`select from farewells where person_id = ${userId} and due_at > now() for update`,
        );
        if (asked.length === 0) return false;
        await restoreAllOf(transaction.db, scope);
        await rows(
          transaction.db,
          sql`
            with gone as (delete from farewells where person_id = ${userId} returning forgotten_before)
            update memory_people set forgotten_at = gone.forgotten_before from gone where person_id = ${userId}`,
        );
        return true;
      });
    },

    async due(limit) {
      const found = await rows<{ id: UserId }>(
        db,
        sql`
          select person_id as id from farewells
          where ${IS_DUE}
          order by due_at limit ${limit}`,
      );
      return found.map(({ id }) => id);
    },

    carryOut: (person) =>
      transact(async (transaction) => {
        // Whoever learns something of this person waits, and finds that the person wants no memory.
        await lockPerson(transaction.db, aloneScope("discord", person));
        const asked = await rows(
          transaction.db,
          sql`delete from farewells where person_id = ${person} and ${IS_DUE} returning person_id`,
        );
        return asked.length === 0 ? null : removeAll(transaction.db, person);
      }),

    async everything(scope) {
      checkPrivate(scope);
      const found = await Promise.all(
        Object.entries(copiesOf(scope.principal.userId)).map(async ([kind, statement]) => {
          const copied = await rows<{ row: Json }>(
            db,
            sql`select to_jsonb(copied) as row from (${statement} limit ${MAX_COPIED}) as copied`,
          );
          return [kind, copied.map(({ row }) => row)] as const;
        }),
      );
      return Object.fromEntries(found);
    },
  };
}

/** The time is over, and no answer is under way that would bring words back. */
const IS_DUE = sql`(due_at <= now() and not exists (
  select from turns where turns.person_id = farewells.person_id
    and turns.state in ('queued', 'running', 'delivering')))`;

/** Rows that others hang on (messages, turns, calls of tools) stay, with ids and no words. */
async function removeAll(db: Db, person: UserId): Promise<Removed> {
  const removed: Record<string, number> = {};
  const turns = sql`(select id from turns where person_id = ${person})`;
  // So that no summary of the old words is saved behind our back.
  await rows(
    db,
    sql`
      select from conversations where id in (select conversation_id from messages where author_id = ${person})
      order by id for no key update`,
  );
  const gone = await rows<Changed>(
    db,
    sql`delete from memories where owner_id = ${person} returning id, owner_id, audience`,
  );
  await markShelves(db, gone);
  removed["memories"] = gone.length;
  for (const [what, statement] of Object.entries(removals(person, turns)))
    removed[what] = (await rows(db, sql`${statement} returning 1`)).length;
  return removed;
}

const removals = (person: UserId, turns: SQL): Readonly<Record<string, SQL>> => ({
  summaries: sql`
    delete from summaries
    where conversation_id in (select conversation_id from messages where author_id = ${person})`,
  // What she answered is about the person as much as what was asked.
  answers: sql`
    update messages set text = '', attachments = '[]', deleted_at = coalesce(deleted_at, now())
    where role = 'clara' and reply_to in (select trigger_id from turns where person_id = ${person})`,
  messages: sql`
    update messages set text = '', attachments = '[]', author_name = '', deleted_at = coalesce(deleted_at, now())
    where author_id = ${person}`,
  steps: sql`
    update steps set input = '{}', result = case when result is null then null else '{}'::jsonb end, taints = null,
      args_hash = null
    where turn_id in ${turns}`,
  approvals: sql`
    update approvals set input = '{}', what = '', target = '', taints = '[]', args_hash = '',
      state = case when state = 'open' then 'void' else state end
    where person_id = ${person}`,
  outbox: sql`
    update outbox set content = '', file = null, card = null, files = null where turn_id in ${turns}`,
  turns: sql`
    update turns set principal = principal || '{"displayName": "", "roleIds": []}'::jsonb,
      outcome = case when outcome ->> 'answer' is null then outcome else jsonb_set(outcome, '{answer}', 'null') end
    where person_id = ${person}`,
  episodes: sql`delete from episodes where ${person} = any(participants)`,
  intentions: sql`delete from intentions where owner_id = ${person}`,
  relations: sql`delete from relations where owner_id = ${person}`,
  recalls: sql`delete from memory_recalls where person_id = ${person}`,
  receipts: sql`delete from memory_receipts where person_id = ${person}`,
  unlearnt: sql`delete from memory_unlearnt where person_id = ${person}`,
  wishes: sql`delete from memory_people where person_id = ${person}`,
  reminders: sql`delete from reminders where owner_id = ${person}`,
  runs: sql`
    delete from schedule_runs where schedule_id in (select id from schedules where owner_id = ${person})`,
  schedules: sql`delete from schedules where owner_id = ${person}`,
  mailDrafts: sql`delete from mail_drafts where owner_id = ${person}`,
  mailRules: sql`delete from mail_rules where owner_id = ${person}`,
  // With what was seen in them, and what is to be told of it.
  mailAccounts: sql`delete from mail_accounts where owner_id = ${person}`,
  settings: sql`delete from preferences where holder = ${`person:${person}`}`,
  secrets: sql`delete from secrets where owner = ${`person:${person}`}`,
  skills: sql`delete from skills where owner = ${person}`,
  mcpServers: sql`delete from mcp_servers where owner = ${`person:${person}`}`,
  mcpAccess: sql`
    delete from mcp_access
    where (kind = 'person' and key = ${person}) or (kind = 'place' and starts_with(key, ${`${person} `}))`,
  googleLinks: sql`delete from google_links where owner = ${person}`,
  locks: sql`delete from locks where name like ${`% ${person}`}`,
  signIns: sql`
    delete from mcp_sign_ins where started_by = ${person} or holder = ${`person:${person}`}`,
  mcpQuestions: sql`delete from mcp_questions where person = ${person}`,
  accessTokens: sql`delete from access_tokens where owner = ${person}`,
  controls: sql`delete from components where owner = ${person}`,
  grants: sql`delete from tool_grants where person_id = ${person}`,
  rules: sql`delete from tool_rules where holder = ${`person:${person}`}`,
  // One that was saved meanwhile: the row goes after its bytes, within a minute or two.
  files: sql`update files set state = 'going', name = '', origin = null where owner = ${person}`,
  refusals: sql`delete from gate_decisions where author_id = ${person}`,
  names: sql`update people set display_name = '' where id = ${person}`,
});

/** Without what is sealed, and without the bytes of files. */
const copiesOf = (person: UserId): Readonly<Record<string, SQL>> => ({
  messages: sql`
    select id, conversation_id, role, text, attachments, sent_at, edited_at from messages
    where author_id = ${person} and deleted_at is null order by sent_at desc`,
  memories: sql`
    select id, audience, kind, text, subject, is_key, is_pinned, confidence, origin, valid_from, valid_to,
      superseded_by, created_at, used_at, uses, sources, conversation_id
    from memories where owner_id = ${person} and forgotten_at is null order by created_at desc`,
  intentions: sql`
    select id, audience, text, due_from, due_to, done_at, created_at from intentions
    where owner_id = ${person} order by created_at desc`,
  relations: sql`
    select id, audience, from_name, type, to_name, valid_from, valid_to, created_at from relations
    where owner_id = ${person} order by created_at desc`,
  // Where others took part, it tells of them as well.
  episodes: sql`
    select id, conversation_id, audience, summary, topics, tone, tone_confidence, starts_at, ends_at, made_at, sources
    from episodes
    where participants = array[${person}::text] and not exists (
      select from memory_people as wish where wish.person_id = ${person} and wish.forgotten_at > episodes.starts_at)
    order by ends_at desc`,
  neverLearnt: sql`select mode, never from memory_people where person_id = ${person}`,
  skills: sql`select name, description, instructions, changed_at from skills where owner = ${person} order by name`,
  mcpServers: sql`
    select name, display_name, source, is_enabled, created_at from mcp_servers
    where owner = ${`person:${person}`} order by name`,
  reminders: sql`
    select id, text, "to", zone, due_at, repeat, state, created_at from reminders
    where owner_id = ${person} order by due_at desc`,
  schedules: sql`
    select id, prompt, zone, due_at, repeat, max_run_usd, max_month_usd, state, created_at from schedules
    where owner_id = ${person} order by due_at desc`,
  mailAccounts: sql`
    select address, provider, imap, smtp, state, channel, pings, quiet_from, quiet_to, digest_at, created_at
    from mail_accounts where owner_id = ${person} order by id`,
  mailRules: sql`
    select name, definition, priority, importance, action, is_enabled, created_at from mail_rules
    where owner_id = ${person} order by id`,
  mailDrafts: sql`
    select "to", cc, subject, text, state, changed_at from mail_drafts
    where owner_id = ${person} order by changed_at desc`,
  mails: sql`
    select m.from_address, m.from_name, m.subject, m.snippet, m.received_at, m.action, m.rule_name
    from mail_messages m join mail_accounts a on a.id = m.account_id
    where a.owner_id = ${person} order by m.id desc`,
  settings: sql`select values, set_at from preferences where holder = ${`person:${person}`}`,
  files: sql`
    select id, name, content_type, size_bytes, audience, saved_at from files
    where owner = ${person} order by saved_at desc`,
  secretNames: sql`select name, set_at from secrets where owner = ${`person:${person}`} order by name`,
  approvals: sql`
    select id, tool, what, target, state, choice, created_at from approvals
    where person_id = ${person} order by created_at desc`,
  rules: sql`
    select tool, verdict, clicker, set_at from tool_rules where holder = ${`person:${person}`} order by tool`,
  grants: sql`
    select audience, tool, conversation_id, at from tool_grants where person_id = ${person} order by at desc`,
  usage: sql`
    select at, purpose, provider, model, input_tokens, output_tokens, cost_usd from usage
    where person_id = ${person} order by at desc`,
});

function checkPrivate(scope: Scope): void {
  readableKeys(scope);
  if (scope.audience.kind !== "private")
    throw new ScopeError("Everything of a person is given, and taken away, in private only");
}
