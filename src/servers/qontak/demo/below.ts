import type { Request } from "./answer.ts";
import { nameIn, type Crm, type Stored, type Table } from "./crm.ts";
import { done, missing, one, paged, plain, refused, type Answer } from "./envelope.ts";
import { shown } from "./show.ts";
import { note } from "./writes.ts";

const TIMELINES: readonly Table[] = ["contacts", "companies", "deals"];

/** What is below one record: /deals/1/timeline and the like. */
export function belowRecord(
  crm: Crm,
  table: Table,
  row: Stored,
  name: string,
  request: Request,
): Answer {
  const id = Number(row["id"]);
  if (request.method === "PUT" && name === "update_owner" && table !== "companies")
    return giveTo(crm, table, row, request.body["creator_id"]);
  if (request.method !== "GET") return missing(crm);
  if (name === "timeline" && TIMELINES.includes(table))
    return paged(crm, timeline(crm, table, id), request.query, "page");
  if (name === "chat-history" && (table === "contacts" || table === "deals"))
    return one(crm, chat(crm, table, id));
  return table === "deals" ? ofDeal(crm, row, name) : missing(crm);
}

function ofDeal(crm: Crm, row: Stored, name: string): Answer {
  switch (name) {
    case "stage_history":
      return plain(crm, moves(crm, Number(row["id"])));
    case "real_creator":
      return one(crm, realCreator(crm, row));
    case "full-field":
      return one(crm, fullField(crm, row));
    default:
      return missing(crm);
  }
}

function giveTo(crm: Crm, table: Table, row: Stored, to: unknown): Answer {
  if (table !== "contacts" && table !== "deals") return missing(crm);
  const user = crm.users.find(({ id }) => id === to);
  if (!user) return refused(crm, "creator_id is invalid");
  row["real_creator_id"] ??= row["creator_id"];
  row["creator_id"] = user.id;
  note(crm, table, Number(row["id"]), `gave it to ${user.name}`);
  return done(crm);
}

const timeline = (crm: Crm, table: Table, id: number): readonly Stored[] =>
  crm.events
    .filter((event) => event.table === table && event.of === id)
    .toReversed()
    .map(({ who, what, when }, at) => ({
      who,
      what,
      why: null,
      when: `${when.toISOString().slice(0, 19).replace("T", " ")} +0000`,
      how: "web",
      content: what,
      id: id * 100 + at,
      task_id: null,
      ticket_id: null,
      auditable_id: id,
      email_id: null,
      crm_deal_id: table === "deals" ? id : null,
    }));

function chat(crm: Crm, table: "contacts" | "deals", id: number): Stored {
  const found = crm.chats.find((each) => each.table === table && each.of === id);
  return {
    room_id: found?.room ?? null,
    chat_contents: (found?.lines ?? []).map(({ user, message, at, type }) => ({
      user,
      message,
      timestamp: at,
      type,
    })),
  };
}

function moves(crm: Crm, id: number): readonly Stored[] {
  const stage = (of: number | null) => ({
    id: of,
    name: crm.stages.find((each) => each["id"] === of)?.["name"] ?? null,
  });
  return crm.moves
    .filter(({ deal }) => deal === id)
    .toReversed()
    .map(({ from, to, by, when }) => ({
      current_owner: by,
      prev_stage: stage(from),
      current_stage: stage(to),
      moved_date: when.toISOString(),
      moved_by: by,
    }));
}

function realCreator(crm: Crm, row: Stored): Stored {
  const id = row["real_creator_id"] ?? row["creator_id"];
  const user = crm.users.find((each) => each.id === id);
  return {
    id,
    email: user?.email,
    full_name: user?.name,
    username: user?.email.split("@")[0],
    phone: null,
    team: { id: 1, company_name: user?.team, external_company_id: null },
    role: "Sales",
  };
}

function fullField(crm: Crm, row: Stored): Stored {
  const full = shown(crm, "deals", row);
  const named = (id: unknown, name: unknown) => ({ id, name });
  return {
    id: row["id"],
    name: row["name"],
    slug: row["slug"],
    creator: named(row["creator_id"], nameIn(crm.users, row["creator_id"])),
    currency: row["currency"],
    size: full["size"],
    closed_date: full["closed_date"],
    crm_pipeline: full["crm_pipeline_name"],
    crm_stage: full["crm_stage_name"],
    crm_company: [full["crm_company_name"]].flat()[0],
    crm_contacts: crm.tables.contacts
      .filter(({ id }) => [row["crm_lead_ids"]].flat().includes(id))
      .map(({ id, first_name, email }) => ({ id, name: first_name, email })),
    product: full["product_association_name"],
    crm_note: crm.tables.notes
      .filter((each) => each["crm_deal_id"] === row["id"])
      .map((each) => ({ note: each["note"] })),
    crm_gps_checkin: [],
    unique_deal_id: `DEAL-${String(row["id"])}`,
    additional_fields: full["additional_fields"],
  };
}
