import { isTemplated, slugOf, type Crm, type Stored, type Table } from "./crm.ts";
import { done, missing, one, refused, type Answer } from "./envelope.ts";
import { refusalOf, WRITABLE } from "./rules.ts";
import { shown } from "./show.ts";

/** The account that signed in. */
const SELF = 11;
const ACCESS = ["view", "edit", "search_association"];

export function create(crm: Crm, table: Table, body: Stored): Answer {
  const words = refusalOf(crm, table, body, null);
  if (words !== null) return refused(crm, words);
  crm.lastId += 1;
  const now = crm.now().toISOString();
  const row: Stored = { id: crm.lastId, creator_id: SELF, created_at: now, updated_at: now };
  write(table, row, body);
  row["slug"] = slugOf(row["name"] ?? row["first_name"] ?? row["id"]);
  crm.tables[table].push(row);
  note(crm, table, crm.lastId, `created ${table}`);
  if (table === "deals") move(crm, row, null);
  return one(crm, shown(crm, table, row));
}

/** Answers with the record for tasks and tickets, and with nothing for everything else. */
export function update(crm: Crm, table: Table, row: Stored, body: Stored): Answer {
  const words = refusalOf(crm, table, body, row);
  if (words !== null) return refused(crm, words);
  const from = Number(row["crm_stage_id"]);
  write(table, row, body);
  row["updated_at"] = crm.now().toISOString();
  note(crm, table, Number(row["id"]), `changed ${table}`);
  if (table === "deals" && row["crm_stage_id"] !== from) move(crm, row, from);
  const isTold = table === "tasks" || table === "tickets";
  return isTold ? one(crm, shown(crm, table, row)) : done(crm);
}

export function remove(crm: Crm, table: Table, row: Stored): Answer {
  crm.tables[table].splice(crm.tables[table].indexOf(row), 1);
  return done(crm);
}

/** What it does not know it does not keep, and says nothing. */
function write(table: Table, row: Stored, body: Stored): void {
  for (const name of WRITABLE[table]) if (name in body) row[name] = body[name];
  const given = body["additional_fields"] as Stored[] | undefined;
  if (given === undefined || (!isTemplated(table) && !table.startsWith("products"))) return;
  const held = (row["additional_fields"] as Stored[] | undefined) ?? [];
  const others = held.filter(({ id }) => !given.some((each) => each["id"] === id));
  row["additional_fields"] = [
    ...others,
    ...given.map(({ id, name, value }) => ({ id, name, value })),
  ];
}

export function note(crm: Crm, table: Table, of: number, what: string): void {
  const who = crm.users.find(({ id }) => id === SELF)?.name ?? "";
  crm.events.push({ table, of, who, what, when: crm.now() });
}

function move(crm: Crm, row: Stored, from: number | null): void {
  const by = crm.users.find(({ id }) => id === SELF)?.name ?? "";
  const to = Number(row["crm_stage_id"]);
  crm.moves.push({ deal: Number(row["id"]), from, to, by, when: crm.now() });
}

export function createCategory(crm: Crm, method: string, { name }: Stored): Answer {
  if (method !== "POST") return missing(crm);
  if (typeof name !== "string" || name === "") return refused(crm, "name can't be blank");
  crm.lastId += 1;
  const now = crm.now().toISOString();
  const row = { id: crm.lastId, name, slug: slugOf(name), created_at: now, updated_at: now };
  crm.categories.push(row);
  return one(crm, { ...row, team_id: null, organization_id: 7 });
}

export function removeCategory(crm: Crm, id: string): Answer {
  const at = crm.categories.findIndex((each) => String(each["id"]) === id);
  if (at === -1) return missing(crm);
  crm.categories.splice(at, 1);
  return done(crm);
}

/** Access that is not listed is taken away. */
export function permit(crm: Crm, method: string, { id, permissions }: Stored): Answer {
  const deal = crm.tables.deals.find((each) => each["id"] === id);
  if (method !== "POST" || !deal) return missing(crm);
  const asked = Array.isArray(permissions) ? (permissions as Stored[]) : [];
  const strange = asked.find(({ email }) => !crm.users.some((user) => user.email === email));
  if (strange)
    return one(crm, { status: "error", message: `${String(strange["email"])} is no user` });
  const set = asked.map(({ email, access_types }) => ({
    email,
    access_types: ACCESS.filter(
      (type) => Array.isArray(access_types) && access_types.includes(type),
    ),
  }));
  crm.permissions.set(Number(id), set);
  const details = { deal_id: id, permissions: set };
  return one(crm, { status: "success", message: "Permissions granted successfully", details });
}
