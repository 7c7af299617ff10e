import { expect } from "vitest";
import { rowOf, type Crm, type Stored, type Table } from "../../src/servers/qontak/demo/crm.ts";
import type { Answer } from "./open-qontak-test.ts";

/** One call of a tool, and what has to be true afterwards, told by the state of the CRM and not by the server. */
export interface QontakCase {
  readonly tool: string;
  readonly given: Answer;
  /** What the answer is, by the CRM as it is after the call. */
  readonly expected: (crm: Crm) => unknown;
  /** What the CRM holds after the call; undefined where nothing changes. */
  readonly changed?: (crm: Crm) => unknown;
  readonly becomes?: unknown;
}

const has = (fields: object): unknown => expect.objectContaining(fields);
const row = (crm: Crm, table: Table, id: number): Stored => {
  const found = rowOf(crm, table, id);
  if (found === null) throw new Error(`The CRM has no ${table} ${id}`);
  return found;
};
const last = (crm: Crm, table: Table): Stored => crm.tables[table].at(-1) ?? {};
const idOf = (table: Table, id: unknown): unknown => (table === "tasks" ? String(id) : id);

const list = (table: Table, tool = `list_${table}`): QontakCase => ({
  tool,
  given: { page: 1, per_page: 2 },
  expected(crm) {
    const rows = crm.tables[table].toSorted(
      (one, other) => Number(other["id"]) - Number(one["id"]),
    );
    return has({
      total: rows.length,
      page: 1,
      per_page: 2,
      next_page: rows.length > 2 ? 2 : null,
      items: rows.slice(0, 2).map(({ id }) => has({ id: idOf(table, id) })),
    });
  },
});

const get = (
  tool: string,
  idName: string,
  table: Table,
  id: number,
  field: string,
  shown: (crm: Crm) => object = () => ({}),
): QontakCase => ({
  tool,
  given: { [idName]: id },
  expected: (crm) => ({
    record: has({ id, [field]: row(crm, table, id)[field], ...shown(crm) }),
  }),
});

const create = (tool: string, table: Table, given: Answer, becomes: object): QontakCase => ({
  tool,
  given,
  expected: (crm) => ({ record: has({ id: last(crm, table)["id"] }) }),
  changed: (crm) => last(crm, table),
  becomes: has(becomes),
});

const update = (
  tool: string,
  idName: string,
  table: Table,
  id: number,
  given: Answer,
  becomes: object,
): QontakCase => ({
  tool,
  given: { [idName]: id, ...given },
  expected: () => ({ record: has({ id }), not_applied: [] }),
  changed: (crm) => row(crm, table, id),
  becomes: has(becomes),
});

const remove = (tool: string, idName: string, table: Table, id: number): QontakCase => ({
  tool,
  given: { [idName]: id },
  expected: () => ({ id, is_deleted: true }),
  changed: (crm) => rowOf(crm, table, id),
  becomes: null,
});

const template = (tool: string, table: keyof Crm["templates"]): QontakCase => ({
  tool,
  given: {},
  expected: (crm) =>
    has({
      total: crm.templates[table].length,
      fields: crm.templates[table].map(({ name, name_alias, additional_field }) =>
        has({ name, label: name_alias, is_custom: additional_field }),
      ),
    }),
});

const required = (
  tool: string,
  given: Answer,
  standard: readonly string[],
  custom: readonly string[],
): QontakCase => ({
  tool,
  given,
  expected: () =>
    has({
      summary: has({
        required_standard: standard,
        required_custom: custom,
        total_required: standard.length + custom.length,
      }),
    }),
});

const timeline = (tool: string, idName: string, table: Table, id: number): QontakCase => ({
  tool,
  given: { [idName]: id },
  expected(crm) {
    const events = crm.events.filter((each) => each.table === table && each.of === id);
    return has({
      total: events.length,
      items: events.toReversed().map(({ what, who }) => has({ what, who })),
    });
  },
});

const chat = (tool: string, idName: string, id: number): QontakCase => ({
  tool,
  given: { [idName]: id },
  expected(crm) {
    const found = crm.chats.find(({ of }) => of === id);
    return {
      room_id: found?.room,
      messages: found?.lines.map(({ user, message, at, type }) => ({
        user,
        message,
        timestamp: at,
        type,
      })),
    };
  },
});

const owner = (tool: string, idName: string, table: Table, id: number): QontakCase => ({
  tool,
  given: { [idName]: id, creator_id: 13 },
  expected: () => ({ id, creator_id: 13, is_changed: true }),
  changed: (crm) => row(crm, table, id)["creator_id"],
  becomes: 13,
});

const gold = [{ id: 301, name: "Loyalty Tier", value: "3011" }];
const tax = { id: 311, name: "Tax Number", value: "09.876" };

const contacts: readonly QontakCase[] = [
  template("get_contact_template", "contacts"),
  required("get_required_fields_for_contact", {}, ["first_name"], []),
  list("contacts"),
  get("get_contact", "contact_id", "contacts", 1001, "email", () => ({
    crm_company_name: "Kedai Senja",
    additional_fields: [{ ...gold[0], value_name: "Gold" }],
  })),
  create(
    "create_contact",
    "contacts",
    {
      first_name: "Putri",
      telephone: "+628120009",
      crm_company_id: 2001,
      date_of_birth: "1990-02-28",
      additional_fields: [
        { name: "loyalty tier", value: "Gold" },
        { id: 302, value: ["Tea", "3020"] },
      ],
    },
    {
      first_name: "Putri",
      telephone: "+628120009",
      crm_company_id: 2001,
      additional_fields: [...gold, { id: 302, name: "Interests", value: "3021,3020" }],
    },
  ),
  update(
    "update_contact",
    "contact_id",
    "contacts",
    1002,
    { job_title: "Buyer" },
    {
      first_name: "Rizky",
      job_title: "Buyer",
      email: "rizky.pratama@contoh.example",
    },
  ),
  remove("delete_contact", "contact_id", "contacts", 1008),
  timeline("get_contact_timeline", "contact_id", "contacts", 1002),
  chat("get_contact_chat_history", "contact_id", 1001),
  owner("update_contact_owner", "contact_id", "contacts", 1003),
];

const companies: readonly QontakCase[] = [
  template("get_company_template", "companies"),
  required("get_required_fields_for_company", {}, ["name"], ["Tax Number"]),
  list("companies"),
  get("get_company", "company_id", "companies", 2003, "city", () => ({ industry_name: "Retail" })),
  create(
    "create_company",
    "companies",
    { name: "Kopi Baru", city: "Medan", additional_fields: [{ id: 311, value: "09.876" }] },
    { name: "Kopi Baru", city: "Medan", additional_fields: [tax] },
  ),
  update(
    "update_company",
    "company_id",
    "companies",
    2002,
    { website: "https://mawar.example" },
    {
      name: "Toko Roti Mawar",
      website: "https://mawar.example",
    },
  ),
  remove("delete_company", "company_id", "companies", 2005),
  timeline("get_company_timeline", "company_id", "companies", 2002),
];

const delivery = { id: 321, name: "Delivery Method", value: "3212" };

const deals: readonly QontakCase[] = [
  template("get_deal_template", "deals"),
  required(
    "get_required_fields_for_deal",
    { crm_pipeline_id: 101, crm_stage_id: 1015 },
    ["name", "size", "closed_date", "crm_stage_id"],
    ["Delivery Method", "Discount Approved"],
  ),
  list("deals"),
  get("get_deal", "deal_id", "deals", 3001, "name", () => ({
    size: "84000000.0",
    closed_date: "2026-12-07T00:00:00.000+07:00",
    crm_company_id: 2001,
    crm_stage_name: "Proposal",
    product_association_quantity: [2],
  })),
  create(
    "create_deal",
    "deals",
    {
      name: "New outlet",
      crm_pipeline_id: 101,
      crm_stage_id: 1013,
      amount: 5_000_000,
      contact_id: 1001,
      company_id: 2001,
      expected_close_date: "2026-12-31",
      additional_fields: [{ name: "Delivery Method", value: "Pick-up" }],
    },
    {
      name: "New outlet",
      crm_pipeline_id: 101,
      crm_stage_id: 1013,
      size: 5_000_000,
      crm_lead_ids: [1001],
      crm_company_id: 2001,
      closed_date: "2026-12-31",
      additional_fields: [delivery],
    },
  ),
  update(
    "update_deal",
    "deal_id",
    "deals",
    3002,
    { crm_stage_id: 1013 },
    {
      name: "Beans, monthly",
      crm_pipeline_id: 101,
      crm_stage_id: 1013,
    },
  ),
  remove("delete_deal", "deal_id", "deals", 3006),
  timeline("get_deal_timeline", "deal_id", "deals", 3001),
  {
    tool: "get_deal_stage_history",
    given: { deal_id: 3002 },
    expected(crm) {
      const moves = crm.moves.filter(({ deal }) => deal === 3002).toReversed();
      return has({
        total: moves.length,
        total_pages: 1,
        items: moves.map(({ to, by }) => has({ moved_by: by, current_stage: has({ id: to }) })),
      });
    },
  },
  chat("get_deal_chat_history", "deal_id", 3001),
  {
    tool: "get_deal_real_creator",
    given: { deal_id: 3001 },
    expected: ({ users: [sari] }) => ({
      creator: has({ id: sari?.id, full_name: sari?.name, email: sari?.email }),
    }),
  },
  {
    tool: "get_deal_full_field",
    given: { deal_id: 3001 },
    expected: (crm) => ({
      record: has({
        id: 3001,
        creator: { id: 11, name: "Sari Wulandari" },
        crm_contacts: [{ id: 1001, name: "Dewi", email: row(crm, "contacts", 1001)["email"] }],
        product: ["Espresso machine, two groups"],
        crm_note: [{ note: row(crm, "notes", 6002)["note"] }],
      }),
    }),
  },
  {
    tool: "set_deal_permissions",
    given: {
      deal_id: 3003,
      permissions: [{ email: "budi@kopinusa.example", access_types: ["view", "edit"] }],
    },
    expected: (crm) => has({ deal_id: 3003, permissions: crm.permissions.get(3003) }),
    changed: (crm) => crm.permissions.get(3003),
    becomes: [{ email: "budi@kopinusa.example", access_types: ["view", "edit"] }],
  },
  owner("update_deal_owner", "deal_id", "deals", 3004),
  {
    tool: "list_pipelines",
    given: {},
    expected: ({ pipelines }) => ({ items: pipelines.map(({ id, name }) => has({ id, name })) }),
  },
  {
    tool: "get_pipeline",
    given: { pipeline_id: 102 },
    expected: () => ({ record: has({ id: 102, name: "Projects", active: true }) }),
  },
  {
    tool: "list_pipeline_stages",
    given: { pipeline_id: 102 },
    expected: ({ stages }) => ({
      items: stages
        .filter((stage) => stage["crm_pipeline_id"] === 102)
        .map(({ id, name, order }) => has({ id, name, order })),
    }),
  },
];

const tickets: readonly QontakCase[] = [
  template("get_ticket_template", "tickets"),
  required(
    "get_required_fields_for_ticket",
    { pipeline_id: 202 },
    ["name", "ticket_stage_id", "assignee_id"],
    ["Serial Number"],
  ),
  list("tickets"),
  get("get_ticket", "ticket_id", "tickets", 5003, "name", () => ({
    ticket_pipeline_name: "Support",
    crm_lead_names: ["Ayu Kartika", "Hendra Gunawan"],
  })),
  create(
    "create_ticket",
    "tickets",
    {
      name: "No steam",
      ticket_stage_id: 2021,
      priority: "urgent",
      assignee_id: 13,
      due_date: "30-11-2026",
      crm_lead_ids: [1001],
      additional_fields: [{ id: 331, value: "LM-1" }],
    },
    {
      name: "No steam",
      ticket_stage_id: 2021,
      ticket_pipeline_id: 202,
      ticket_priority_id: 74,
      user_id: 13,
      due_date: "30-11-2026",
      crm_lead_ids: [1001],
      additional_fields: [{ id: 331, name: "Serial Number", value: "LM-1" }],
    },
  ),
  update(
    "update_ticket",
    "ticket_id",
    "tickets",
    5003,
    { stage_id: 2013, contact_id: 1003 },
    {
      name: "Late delivery",
      ticket_stage_id: 2013,
      crm_lead_ids: [1003],
    },
  ),
  remove("delete_ticket", "ticket_id", "tickets", 5002),
  {
    tool: "get_ticket_pipelines",
    given: {},
    expected: ({ ticketPipelines }) =>
      has({
        total: 2,
        items: ticketPipelines.map(({ id, name, stages }) =>
          has({ id, name, ticket_stages: stages.map((stage) => has({ ...stage })) }),
        ),
      }),
  },
];

const tasks: readonly QontakCase[] = [
  template("get_task_template", "tasks"),
  required("get_required_fields_for_task", {}, ["name", "crm_task_status_id", "due_date"], []),
  list("tasks"),
  get("get_task", "task_id", "tasks", 4001, "name", () => ({
    user_full_name: "Sari Wulandari",
    crm_task_category_name: "Call",
  })),
  create(
    "create_task",
    "tasks",
    {
      name: "Call back",
      due_date: "2026-11-30 09:00:00",
      status: "pending",
      priority: "medium",
      category_id: 51,
      assignee_id: 12,
      description: "About beans",
      crm_deal_id: 3001,
      crm_checkin_attributes: { latitude: -6.2, longitude: 106.8 },
    },
    {
      name: "Call back",
      due_date: "2026-11-30 09:00:00",
      crm_task_status_id: 1,
      crm_task_priority_id: 3,
      crm_task_category_id: 51,
      user_id: 12,
      detail: "About beans",
      crm_deal_id: 3001,
      crm_checkin_attributes: { lattitude: -6.2, longitude: 106.8 },
    },
  ),
  update(
    "update_task",
    "task_id",
    "tasks",
    4001,
    { status: "completed" },
    {
      name: "Call Dewi about the quote",
      crm_task_status_id: 4,
    },
  ),
  remove("delete_task", "task_id", "tasks", 4004),
  {
    tool: "list_task_categories",
    given: {},
    expected: ({ categories }) =>
      has({ total: categories.length, items: categories.map(({ id, name }) => has({ id, name })) }),
  },
  {
    tool: "create_task_category",
    given: { name: "Tasting" },
    expected: ({ categories }) => ({
      record: has({ id: categories.at(-1)?.["id"], name: "Tasting" }),
    }),
    changed: ({ categories }) => categories.at(-1)?.["name"],
    becomes: "Tasting",
  },
  {
    tool: "delete_task_category",
    given: { category_id: 53 },
    expected: () => ({ id: 53, is_deleted: true }),
    changed: ({ categories }) => categories.some(({ id }) => id === 53),
    becomes: false,
  },
];

const others: readonly QontakCase[] = [
  list("notes"),
  get("get_note", "note_id", "notes", 6001, "note", () => ({
    crm_person_full_name: "Dewi Lestari",
  })),
  create(
    "create_note",
    "notes",
    { title: "Visit", content: "Liked the blend.", crm_lead_id: 1001 },
    { note: "Visit\n\nLiked the blend.", type: "Crm::PersonNote", crm_person_id: 1001 },
  ),
  update(
    "update_note",
    "note_id",
    "notes",
    6001,
    { content: "After eleven." },
    {
      note: "After eleven.",
      type: "Crm::PersonNote",
      crm_person_id: 1001,
    },
  ),
  remove("delete_note", "note_id", "notes", 6003),
  list("products"),
  get("get_product", "product_id", "products", 7001, "price"),
  create(
    "create_product",
    "products",
    { name: "Filter", price: 45_000, currency: "IDR" },
    {
      name: "Filter",
      price: 45_000,
      currency: "IDR",
    },
  ),
  update(
    "update_product",
    "product_id",
    "products",
    7003,
    { price: 190_000 },
    {
      name: "House blend, 1 kg",
      price: 190_000,
    },
  ),
  remove("delete_product", "product_id", "products", 7004),
  list("products_association", "list_products_associations"),
  get("get_products_association", "association_id", "products_association", 8001, "quantity"),
  create(
    "create_products_association",
    "products_association",
    { product_id: 7002, crm_deal_id: 3003, quantity: 3 },
    { name: "Grinder", crm_product_id: 7002, crm_deal_id: 3003, quantity: 3, price: 9_750_000 },
  ),
  update(
    "update_products_association",
    "association_id",
    "products_association",
    8001,
    { quantity: 4 },
    { name: "Espresso machine, two groups", crm_product_id: 7001, crm_deal_id: 3001, quantity: 4 },
  ),
  remove("delete_products_association", "association_id", "products_association", 8002),
];

/** Each tool of the Qontak server once, but for the one that only says no. */
export const QONTAK_CASES: readonly QontakCase[] = [
  ...contacts,
  ...companies,
  ...deals,
  ...tickets,
  ...tasks,
  ...others,
];

/** Qontak has no way to read it: the tool says so. */
export const REFUSING_TOOL = "get_deal_permissions";
