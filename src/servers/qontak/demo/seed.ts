import type { Chat, Crm, Named, Stored, Table, TicketPipeline, User } from "./crm.ts";
import { slugOf } from "./crm.ts";
import {
  choices,
  companies,
  contacts,
  deals,
  notes,
  onDeals,
  products,
  tasks,
  tickets,
} from "./rows.ts";
import { makeTemplates, PROJECTS, REPAIRS, SALES, SUPPORT } from "./templates.ts";

const FIRST_ID = 90_000;
const DAY_MS = 86_400_000;

const USERS: readonly User[] = [
  { id: 11, name: "Sari Wulandari", email: "sari@kopinusa.example", team: "Sales Jakarta" },
  { id: 12, name: "Budi Hartono", email: "budi@kopinusa.example", team: "Sales Surabaya" },
  { id: 13, name: "Maya Putri", email: "maya@kopinusa.example", team: "Service" },
];

const STAGES: readonly (readonly [pipeline: number, names: readonly string[]])[] = [
  [SALES, ["Lead In", "Contacted", "Proposal", "Negotiation", "Won", "Lost"]],
  [PROJECTS, ["Survey", "Design", "Contract", "Done"]],
];

const TICKET_PIPELINES: readonly TicketPipeline[] = [
  { id: SUPPORT, name: "Support", stages: numbered(2011, ["Open", "Waiting", "Solved"]) },
  { id: REPAIRS, name: "Repairs", stages: numbered(2021, ["Received", "In Repair", "Returned"]) },
];

const CATEGORIES = numbered(51, ["Call", "Meeting", "Visit"]);

const CHATS: readonly Chat[] = [
  {
    table: "contacts",
    of: 1001,
    room: "room-1001",
    lines: [
      line("Dewi Lestari", "Is the grinder still in stock?", "2026-11-20T03:12:00Z", "customer"),
      line("Sari Wulandari", "Yes, four of them.", "2026-11-20T03:15:00Z", "agent"),
    ],
  },
  {
    table: "deals",
    of: 3001,
    room: "room-3001",
    lines: [line("Dewi Lestari", "Please send the quote.", "2026-11-21T08:00:00Z", "customer")],
  },
];

/** A roaster of coffee in Jakarta that sells machines to cafés: made up, and the same each time. */
export function makeCrm(now: () => Date): Crm {
  const made = new Date(now().getTime() - 30 * DAY_MS);
  const categories = CATEGORIES.map((each) => ({ ...each, slug: slugOf(each.name) }));
  const stamp = (row: Stored): Stored => ({
    slug: slugOf(row["name"] ?? row["first_name"] ?? row["id"]),
    creator_id: 11,
    ...row,
    created_at: made.toISOString(),
    updated_at: made.toISOString(),
  });
  const tables: Record<Table, Stored[]> = {
    contacts: contacts.map(stamp),
    companies: companies.map(stamp),
    deals: deals(now).map(stamp),
    tasks: tasks(now).map(stamp),
    tickets: tickets.map(stamp),
    notes: notes.map(stamp),
    products: products.map((row) => ({ ...row })),
    products_association: onDeals.map((row) => ({ ...row })),
  };
  return {
    now,
    users: USERS,
    tables,
    pipelines: pipelines(made),
    stages: stages(made),
    ticketPipelines: TICKET_PIPELINES,
    categories,
    choices,
    templates: makeTemplates(USERS, choices, CATEGORIES),
    events: tables.deals.map(({ id }) => ({
      table: "deals",
      of: Number(id),
      who: "Sari Wulandari",
      what: "created deal",
      when: made,
    })),
    moves: tables.deals.map(({ id, crm_stage_id }) => ({
      deal: Number(id),
      from: null,
      to: Number(crm_stage_id),
      by: "Sari Wulandari",
      when: made,
    })),
    chats: CHATS,
    permissions: new Map(),
    lastId: FIRST_ID,
    hearsEveryFilter: false,
  };
}

function numbered(first: number, names: readonly string[]): readonly Named[] {
  return names.map((name, at) => ({ id: first + at, name }));
}

function line(user: string, message: string, at: string, type: "customer" | "agent") {
  return { user, message, at, type };
}

const pipelines = (made: Date): readonly Stored[] =>
  [
    { id: SALES, name: "Sales" },
    { id: PROJECTS, name: "Projects" },
  ].map((each) => ({
    ...each,
    alias_name: null,
    slug: slugOf(each.name),
    active: true,
    team_id: null,
    organization_id: 7,
    created_at: made.toISOString(),
    updated_at: made.toISOString(),
  }));

/** 1011 is the first stage of pipeline 101. */
const stages = (made: Date): readonly Stored[] =>
  STAGES.flatMap(([pipeline, names]) =>
    names.map((name, at) => ({
      id: pipeline * 10 + at + 1,
      name,
      active: true,
      order: at + 1,
      crm_status_id: null,
      crm_type_id: null,
      crm_pipeline_id: pipeline,
      win_probability: String(Math.round((100 * (at + 1)) / names.length)),
      crm_stage_additional_field_id: null,
      created_at: made.toISOString(),
      updated_at: made.toISOString(),
    })),
  );
