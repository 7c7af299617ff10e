import { expect, test } from "vitest";
import { ask, openQontakTest, refusal, type Answer, type QontakTest } from "./open-qontak-test.ts";

const DEAL = { name: "Outlet", crm_pipeline_id: 101, crm_stage_id: 1011 };
const COURIER = { id: 321, value: "Courier" };

const requiredFor = async (open: QontakTest, tool: string, given: Answer): Promise<unknown> => {
  const { summary } = await ask(open.client, `get_required_fields_for_${tool}`, given);
  const { required_standard, required_custom } = summary as Answer;
  return [required_standard, required_custom].flat();
};

/** One field of an answer, wherever it stands there. */
const fieldIn = (answer: Answer, name: string): unknown =>
  Object.values(answer)
    .flat()
    .find((each) => (each as Answer | null)?.["name"] === name);

const posts = ({ qontak }: QontakTest): number =>
  qontak.heard.filter(({ method, path }) => method === "POST" && path !== "/oauth/token").length;

test.each([
  { place: [101, 1011], required: ["name", "crm_stage_id", "Delivery Method"] },
  {
    place: [101, 1013],
    required: ["name", "size", "crm_stage_id", "crm_lead_ids", "Delivery Method"],
  },
  {
    place: [101, 1015],
    required: [
      "name",
      "size",
      "closed_date",
      "crm_stage_id",
      "Delivery Method",
      "Discount Approved",
    ],
  },
  {
    place: [102, 1021],
    required: [
      "name",
      "closed_date",
      "crm_stage_id",
      "crm_company_id",
      "Delivery Method",
      "Kick-off",
    ],
  },
])("a deal at $place must have $required", async ({ place, required }) => {
  await using open = await openQontakTest();
  const [crm_pipeline_id, crm_stage_id] = place;

  const found = await requiredFor(open, "deal", { crm_pipeline_id, crm_stage_id });

  expect(found).toEqual(required);
});

test("a ticket must have other fields in each pipeline, and what is hidden there is not spoken of", async () => {
  await using open = await openQontakTest();

  const support = await ask(open.client, "get_required_fields_for_ticket", { pipeline_id: 201 });
  const repairs = await ask(open.client, "get_required_fields_for_ticket", { pipeline_id: 202 });

  expect(support["summary"]).toMatchObject({
    required_standard: ["name", "ticket_stage_id", "ticket_priority_id"],
  });
  expect(fieldIn(support, "Serial Number")).toBeUndefined();
  expect(repairs["summary"]).toMatchObject({ required_custom: ["Serial Number"] });
});

test("fields are called as writes call them, with type, options, format and length", async () => {
  await using open = await openQontakTest();

  const contact = await ask(open.client, "get_required_fields_for_contact");
  const deal = await ask(open.client, "get_required_fields_for_deal", {
    crm_pipeline_id: 101,
    crm_stage_id: 1011,
  });
  const task = await ask(open.client, "get_required_fields_for_task");

  expect(fieldIn(contact, "crm_phones")).toMatchObject({ write_name: "telephone", max_length: 50 });
  expect(fieldIn(deal, "crm_contact")).toMatchObject({ write_name: "crm_lead_ids" });
  expect(fieldIn(deal, "crm_company")).toMatchObject({ write_name: "crm_company_id" });
  expect(fieldIn(task, "crm_person")).toMatchObject({ write_name: "crm_person_id" });
  expect(fieldIn(task, "user_id")).toMatchObject({ write_name: "assignee_id" });
  expect(fieldIn(task, "crm_task_attachment")).toMatchObject({ is_settable: false });
  expect(fieldIn(deal, "Delivery Method")).toEqual({
    name: "Delivery Method",
    write_name: "Delivery Method",
    label: "Delivery Method",
    id: 321,
    type: "dropdown select",
    format: "One of the options: its id or its name",
    max_length: null,
    options: [
      { id: "3210", name: "Courier" },
      { id: "3211", name: "Own fleet" },
      { id: "3212", name: "Pick-up" },
    ],
    options_total: 3,
    is_settable: true,
    required_because: "always",
  });
});

test("what is missing is listed with its options, and nothing is sent", async () => {
  await using open = await openQontakTest();

  const failure = await refusal(open.client, "create_deal", { ...DEAL, crm_stage_id: 1013 });

  expect(failure).toMatchObject({ code: "MISSING_REQUIRED_FIELDS" });
  expect(failure["words"]).toContain("missing: size, crm_lead_ids, Delivery Method.");
  expect(failure["details"]).toMatchObject({
    missing: [
      { write_name: "size", required_because: "stage" },
      { write_name: "crm_lead_ids", required_because: "stage" },
      { name: "Delivery Method", id: 321, options: [{ name: "Courier" }, {}, {}] },
    ],
  });
  expect(posts(open)).toBe(0);
});

test.each([
  { field: { name: "Colour", value: "red" }, problem: "there is no such custom field here" },
  { field: { id: 999, value: "red" }, problem: "there is no such custom field here" },
  { field: { id: 321, value: "By drone" }, problem: '"By drone" is none of its options' },
  { field: { id: 322, value: ["Grinder", "Sauce"] }, problem: '"Sauce": none of its options' },
  { field: { id: 323, value: 120 }, problem: "A number from 0 to 100" },
  { field: { id: 325, value: "31-02-2026" }, problem: "YYYY-MM-DD HH:MM:SS" },
  { field: { id: 324, value: "x.jpg" }, problem: "pictures are added in Qontak itself" },
])("a custom field $field is refused: $problem", async ({ field, problem }) => {
  await using open = await openQontakTest();
  const additional_fields = field.id === 321 ? [field] : [COURIER, field];

  const failure = await refusal(open.client, "create_deal", { ...DEAL, additional_fields });

  expect(failure["words"]).toContain(problem);
  expect(posts(open)).toBe(0);
});

test("everything that is wrong is told at once", async () => {
  await using open = await openQontakTest();
  const additional_fields = [
    { id: 322, value: "Sauce" },
    { id: 323, value: "much" },
  ];

  const { details } = await refusal(open.client, "create_deal", { ...DEAL, additional_fields });

  const { missing, wrong } = details as { missing: Answer[]; wrong: Answer[] };
  expect(missing.map(({ name }) => name)).toEqual(["Delivery Method"]);
  expect(wrong.map(({ field }) => field)).toEqual(["Add-ons", "Discount Approved"]);
});

test.each([
  { additional_fields: [{ name: "delivery method", value: "own fleet" }] },
  { additional_fields: [{ id: 321, value: 3211 }] },
  { additional_fields: '[{"id":321,"value":"3211"}]' },
  { additional_fields: '{"Delivery Method":"Own fleet"}' },
])("$additional_fields is written as Qontak keeps it", async (given) => {
  await using open = await openQontakTest();

  await ask(open.client, "create_deal", { ...DEAL, ...given });

  expect(open.qontak.crm.tables.deals.at(-1)?.["additional_fields"]).toEqual([
    { id: 321, name: "Delivery Method", value: "3211" },
  ]);
});

test("a standard field that has options takes no other", async () => {
  await using open = await openQontakTest();
  const given = { ...DEAL, crm_source_id: 99, additional_fields: [COURIER] };

  const failure = await refusal(open.client, "create_deal", given);

  expect(failure).toMatchObject({
    code: "INVALID_ARGUMENT",
    details: {
      wrong: [{ field: "crm_source_id", options: [{ id: "11", name: "Website" }, {}, {}, {}] }],
    },
  });
});

test("a stage of another pipeline is refused, with those that there are", async () => {
  await using open = await openQontakTest();

  const failure = await refusal(open.client, "create_deal", { ...DEAL, crm_stage_id: 1021 });

  expect(failure).toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(JSON.stringify(failure["details"])).toContain('{"id":1011,"name":"Lead In"}');
});

test("who moves a deal is told what the new stage requires, and what the deal has already counts", async () => {
  await using open = await openQontakTest();
  const move = { deal_id: 3001, crm_stage_id: 1015 };

  const failure = await refusal(open.client, "update_deal", move);
  await ask(open.client, "update_deal", { ...move, additional_fields: [{ id: 323, value: 5 }] });

  expect(failure["words"]).toContain("missing: Discount Approved.");
  expect(open.qontak.crm.tables.deals[0]).toMatchObject({ crm_stage_id: 1015, size: 84_000_000 });
});

test("an update that moves nothing asks for nothing more", async () => {
  await using open = await openQontakTest();
  Object.assign(open.qontak.crm.tables.deals[0] ?? {}, { additional_fields: [] });

  const result = await ask(open.client, "update_deal", { deal_id: 3001, size: 90_000_000 });

  expect(result).toMatchObject({ not_applied: [], record: { size: "90000000.0" } });
});

test("a template is asked for once, and anew before it says no", async () => {
  await using open = await openQontakTest();
  const { templates } = open.qontak.crm;
  await ask(open.client, "get_deal_template");
  await ask(open.client, "get_deal_template");
  templates.deals = templates.deals.filter(({ id }) => id !== 321);

  const result = await ask(open.client, "create_deal", DEAL);

  const asked = open.qontak.heard.filter(({ path }) => path === "/deals/info");
  expect(result).toMatchObject({ record: { name: "Outlet" } });
  expect(asked).toHaveLength(2);
});

test("what Qontak requires since a moment ago is told in its own words, and known the next time", async () => {
  await using open = await openQontakTest();
  const { templates } = open.qontak.crm;
  await ask(open.client, "get_deal_template");
  templates.deals = templates.deals.map((field) =>
    field["id"] === 323 ? { ...field, required: true } : field,
  );
  const given = { ...DEAL, additional_fields: [COURIER] };

  const first = await refusal(open.client, "create_deal", given);
  const second = await refusal(open.client, "create_deal", given);

  expect(first).toMatchObject({ code: "UPSTREAM_REJECTED" });
  expect(first["words"]).toContain("Discount Approved can't be blank");
  expect(second).toMatchObject({ code: "MISSING_REQUIRED_FIELDS" });
});

test("lists of a template that are null are as good as empty", async () => {
  await using open = await openQontakTest();
  const { templates } = open.qontak.crm;
  templates.deals = templates.deals.map((field) => ({
    ...field,
    required_pipeline_ids: null,
    required_stage_ids: [null, "1011"],
    dropdown: null,
  }));

  const found = await requiredFor(open, "deal", { crm_pipeline_id: 102, crm_stage_id: 1021 });

  expect(found).toEqual(["name", "crm_stage_id", "Delivery Method"]);
});

test("a priority that this company does not have is refused with those that it has", async () => {
  await using open = await openQontakTest();
  const { templates } = open.qontak.crm;
  templates.tickets = templates.tickets.map((field) =>
    field["name"] === "ticket_priority_id"
      ? { ...field, dropdown: [{ id: 5, name: "Whenever" }] }
      : field,
  );
  const ticket = { name: "Leak", ticket_stage_id: 2011, priority: "urgent" };

  const failure = await refusal(open.client, "create_ticket", ticket);

  expect(failure).toMatchObject({
    code: "INVALID_ARGUMENT",
    details: { options: [{ id: "5", name: "Whenever" }] },
  });
});

test("one thing said in two ways is refused", async () => {
  await using open = await openQontakTest();

  const failure = await refusal(open.client, "update_deal", { deal_id: 3001, size: 1, amount: 2 });

  expect(failure["words"]).toContain("amount and size are the same thing");
});
