import { expect, test } from "vitest";
import { ask, openQontakTest, refusal } from "./open-qontak-test.ts";

test("pages are named in one way, whatever Qontak calls them", async () => {
  await using open = await openQontakTest();

  const deals = await ask(open.client, "list_deals", { per_page: 3, page: 2 });
  const products = await ask(open.client, "list_products", { per_page: 3, page: 2 });
  const notes = await ask(open.client, "list_notes", { per_page: 2, page: 2 });

  expect(deals).toMatchObject({ page: 2, total: 8, total_pages: 3, next_page: 3 });
  expect(products).toMatchObject({ page: 2, total: 4, total_pages: 2, next_page: null });
  expect(notes).toMatchObject({ page: 2, total: 3, total_pages: 2, next_page: null });
  expect(notes["items"]).toHaveLength(1);
});

test.each([
  { tool: "list_contacts", given: { name: "dewi" }, ids: [1001] },
  { tool: "list_contacts", given: { crm_deal_id: 3003 }, ids: [1003] },
  { tool: "list_contacts", given: { created_after: "2027-01-31" }, ids: [] },
  { tool: "list_companies", given: { deal_ids: 3003 }, ids: [2003] },
  { tool: "list_companies", given: { contact_ids: 1005 }, ids: [2004] },
  { tool: "list_deals", given: { company_ids: 2003 }, ids: [3006, 3003] },
  { tool: "list_deals", given: { product_ids: 7002 }, ids: [3005] },
  { tool: "list_products_associations", given: { crm_deal_id: 3001 }, ids: [8001] },
  { tool: "list_products", given: { query: "grind" }, ids: [7002] },
])("$tool filters by $given", async ({ tool, given, ids }) => {
  await using open = await openQontakTest();

  const { items } = await ask(open.client, tool, given);

  expect((items as { id: number }[]).map(({ id }) => id)).toEqual(ids);
});

test.each([
  { tool: "list_deals", given: { pipeline_id: 102 }, ids: [3008, 3003] },
  { tool: "list_deals", given: { stage_id: 1014 }, ids: [3004] },
  { tool: "list_tickets", given: { pipeline_id: 202 }, ids: [5001] },
  { tool: "list_tasks", given: { category_id: 51 }, ids: ["4004", "4001"] },
])("$tool keeps to $given, though Qontak does not hear it", async ({ tool, given, ids }) => {
  await using open = await openQontakTest();

  const answer = await ask(open.client, tool, given);

  expect((answer["items"] as { id: unknown }[]).map(({ id }) => id)).toEqual(ids);
  expect(answer).toMatchObject({ total: ids.length, note: expect.stringContaining("done here") });
});

test("where too much would have to be read, it says that there may be more", async () => {
  await using open = await openQontakTest();
  const { deals } = open.qontak.crm.tables;
  const many = Array.from({ length: 1_200 }, (_, at) => ({ ...deals[0], id: 10_000 + at }));
  deals.push(...many);

  const answer = await ask(open.client, "list_deals", { pipeline_id: 102, per_page: 5 });

  expect(answer["note"]).toContain("Only the first 1000 rows were looked at");
  expect(open.qontak.heard.filter(({ path }) => path === "/deals")).toHaveLength(11);
});

test("what is empty is left out of a record, and what is zero or false is not", async () => {
  await using open = await openQontakTest();
  Object.assign(open.qontak.crm.tables.products[0] ?? {}, { discount: 0, description: "" });

  const { record } = await ask(open.client, "get_product", { product_id: 7001 });

  expect(record).toHaveProperty("discount", 0);
  expect(record).not.toHaveProperty("description");
  expect(record).not.toHaveProperty("product_image");
});

test("a record that is not there is told as such, with where to look", async () => {
  await using open = await openQontakTest();

  const failure = await refusal(open.client, "get_contact", { contact_id: 1 });

  expect(failure).toMatchObject({ code: "NOT_FOUND" });
  expect(failure["words"]).toContain("Look it up with a list");
});

test("a note is about one thing: two are refused, and another thing may take its place", async () => {
  await using open = await openQontakTest();

  const two = await refusal(open.client, "create_note", {
    content: "x",
    crm_deal_id: 3001,
    crm_company_id: 2001,
  });
  await ask(open.client, "update_note", { note_id: 6001, crm_deal_id: 3002 });

  expect(two["words"]).toContain("exactly one of");
  expect(open.qontak.crm.tables.notes[0]).toMatchObject({
    note: "Prefers to be called after ten.",
    type: "Crm::DealNote",
    crm_deal_id: 3002,
  });
});

test("permissions for somebody who is no user are refused in Qontak's words", async () => {
  await using open = await openQontakTest();

  const failure = await refusal(open.client, "set_deal_permissions", {
    deal_id: 3001,
    permissions: [{ email: "nobody@contoh.example", access_types: ["view"] }],
  });

  expect(failure).toMatchObject({ code: "UPSTREAM_REJECTED" });
  expect(failure["words"]).toContain("nobody@contoh.example is no user");
});

test("an owner who is none is refused, though Qontak answers with 200", async () => {
  await using open = await openQontakTest();

  const failure = await refusal(open.client, "update_deal_owner", {
    deal_id: 3001,
    creator_id: 99,
  });

  expect(failure).toMatchObject({ code: "UPSTREAM_REJECTED", status: 422 });
});

test("null empties a field, and leaves out what is not said", async () => {
  await using open = await openQontakTest();

  await ask(open.client, "update_deal", { deal_id: 3001, closed_date: null, crm_source_id: null });

  expect(open.qontak.crm.tables.deals[0]).toMatchObject({
    closed_date: null,
    crm_source_id: null,
    size: 84_000_000,
  });
});

test("with QONTAK_READ_ONLY nothing is offered that changes something", async () => {
  await using open = await openQontakTest({ QONTAK_READ_ONLY: "on" });

  const { tools } = await open.client.listTools();

  expect(tools).toHaveLength(40);
  expect(tools.filter(({ annotations }) => !annotations?.readOnlyHint)).toEqual([]);
});

test("a page on which all rows are meant by chance does not count as filtered", async () => {
  await using open = await openQontakTest();
  const given = { pipeline_id: 101, per_page: 2, page: 2 };

  const answer = await ask(open.client, "list_deals", given);

  expect((answer["items"] as { id: number }[]).map(({ id }) => id)).toEqual([3005, 3004]);
  expect(answer).toMatchObject({ total: 6, total_pages: 3, next_page: 3 });
});

test("where Qontak hears a filter, its own pages are taken", async () => {
  await using open = await openQontakTest();
  open.qontak.crm.hearsEveryFilter = true;

  const answer = await ask(open.client, "list_deals", { pipeline_id: 101, per_page: 2, page: 3 });

  expect((answer["items"] as { id: number }[]).map(({ id }) => id)).toEqual([3002, 3001]);
  expect(answer).toMatchObject({ total: 6, next_page: null, note: null });
  expect(open.qontak.heard.filter(({ path }) => path === "/deals")).toHaveLength(2);
});
