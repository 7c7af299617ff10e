import type { Named, Stored, Templated, User } from "./crm.ts";

/** Pipelines and stages that these templates speak of; seed.ts has them. */
export const SALES = 101;
export const PROJECTS = 102;
const PROPOSAL = 1013;
const WON = 1015;
export const SUPPORT = 201;
export const REPAIRS = 202;

type Options = readonly { readonly id: number | null; readonly name: string }[] | null;

const field = (name: string, alias: string, type: string, dropdown: Options = null): Stored => ({
  id: null,
  name,
  name_alias: alias,
  additional_field: false,
  type,
  dropdown,
});

const custom = (id: number, name: string, type: string, dropdown: Options = null): Stored => ({
  id,
  name,
  name_alias: name,
  additional_field: true,
  type,
  dropdown,
});

/** Currencies have no ids. */
const currencies = ["IDR", "USD"].map((name) => ({ id: null, name }));

const options = (first: number, ...names: readonly string[]): readonly Named[] =>
  names.map((name, at) => ({ id: first + at, name }));

/** As a company might have set up its forms. */
export function makeTemplates(
  users: readonly User[],
  choices: Readonly<Record<string, readonly Named[]>>,
  categories: readonly Named[],
): Record<Templated, readonly Stored[]> {
  const people = users.map(({ id, name, email }) => ({ id, name, email }));
  const pick = (name: string): Options => choices[name] ?? null;
  const required = (row: Stored, is: boolean | null = true): Stored => ({ ...row, required: is });
  const at = (row: Stored, pipelines: readonly number[], stages: readonly number[]): Stored => ({
    ...row,
    required_pipeline_ids: pipelines,
    required_stage_ids: stages,
  });
  const within = (row: Stored, pipelines: readonly number[], shown: readonly number[]): Stored => ({
    ...row,
    dropdown: row["dropdown"] ?? [],
    required_pipeline_ids: pipelines,
    show_pipeline_ids: shown,
  });
  const address = [
    field("crm_location_address_map", "Location", "gps"),
    ...["address", "country", "province", "city", "zipcode"].map((name) =>
      field(name, name, "Single-line text"),
    ),
  ].map((row) => required(row, null));
  return {
    contacts: [
      required(field("first_name", "First Name", "Single-line text")),
      required(field("last_name", "Last Name", "Single-line text"), false),
      required(field("job_title", "Job Title", "Single-line text"), false),
      required(field("creator_id", "Owner", "Dropdown select", people)),
      required(field("email", "Email", "Single-line text"), false),
      required(field("crm_phones", "Phone", "Single-line text"), false),
      required(field("crm_status_id", "Status", "Dropdown select", pick("crm_status")), false),
      ...address,
      required(field("date_of_birth", "Date of Birth", "Date"), false),
      required(field("crm_source_id", "Source", "Dropdown select", pick("crm_source")), false),
      required(field("crm_gender_id", "Gender", "Dropdown select", pick("crm_gender")), false),
      required(field("income", "Income", "Number"), false),
      required(field("crm_company_id", "Company", "assoc"), false),
      required(
        custom(301, "Loyalty Tier", "Dropdown select", options(3010, "Silver", "Gold", "Platinum")),
        false,
      ),
      required(
        custom(302, "Interests", "Multiple select", options(3020, "Coffee", "Tea", "Cold brew")),
        false,
      ),
    ],
    companies: [
      required(field("name", "Company Name", "Single-line text")),
      required(field("website", "Website", "URL"), false),
      required(field("creator_id", "Owner", "Dropdown select", people)),
      required(field("crm_phones", "Phone", "Single-line text"), false),
      ...address,
      required(field("industry_id", "Industry", "Dropdown select", pick("industry")), false),
      required(field("crm_type_id", "Type", "Dropdown select", pick("crm_type")), false),
      required(field("number_of_employees", "Employees", "Number"), false),
      required(field("annual_revenue", "Annual Revenue", "Number"), false),
      required(custom(311, "Tax Number", "Single-line text")),
      required(custom(312, "Portal", "URL"), null),
    ],
    deals: [
      at(field("name", "Deal Name", "Single-line text"), [SALES, PROJECTS], []),
      at(field("currency", "Currency", "Dropdown select", currencies), [], []),
      at(field("size", "Deal Size", "Number"), [], [PROPOSAL, WON]),
      at(field("creator_id", "Owner", "Dropdown select", people), [SALES, PROJECTS], []),
      at(field("closed_date", "Closing Date", "Date"), [PROJECTS], [WON]),
      at(field("crm_source_id", "Source", "Dropdown select", pick("crm_source")), [], []),
      at(field("crm_priority_id", "Priority", "Dropdown select", pick("crm_priority")), [], []),
      at(field("start_date", "Start", "Date"), [], []),
      at(field("expired_date", "Expires", "Date"), [], []),
      at(
        field("crm_lost_reason_id", "Lost because", "Dropdown select", pick("crm_lost_reason")),
        [],
        [],
      ),
      at(field("crm_stage_id", "Stage", "Dropdown select"), [SALES, PROJECTS], []),
      at(field("crm_contact", "Contact", "assoc"), [], [PROPOSAL]),
      at(field("crm_company", "Company", "assoc"), [PROJECTS], []),
      required(
        custom(
          321,
          "Delivery Method",
          "Dropdown select",
          options(3210, "Courier", "Own fleet", "Pick-up"),
        ),
      ),
      required(
        custom(
          322,
          "Add-ons",
          "Multiple select",
          options(3220, "Grinder", "Training", "Service contract"),
        ),
        false,
      ),
      {
        ...custom(323, "Discount Approved", "Percentage"),
        required: false,
        required_stage_ids: [WON],
      },
      required(custom(324, "Site Photo", "Photo"), null),
      {
        ...custom(325, "Kick-off", "Date time"),
        required: null,
        required_pipeline_ids: [PROJECTS],
      },
    ],
    tickets: [
      within(field("name", "Ticket Name", "Single-line text"), [SUPPORT, REPAIRS], []),
      within(field("ticket_pipeline_id", "Pipeline", "Dropdown select"), [], []),
      within(field("ticket_stage_id", "Stage", "Dropdown select"), [], []),
      within(
        field("ticket_priority_id", "Priority", "Dropdown select", pick("ticket_priority")),
        [SUPPORT],
        [],
      ),
      within(field("description", "Description", "text area"), [], []),
      within(
        field("ticket_category_id", "Category", "Dropdown select", pick("ticket_category")),
        [],
        [],
      ),
      within(field("user_id", "Assigned To", "Dropdown select", people), [REPAIRS], []),
      within(field("due_date", "Due", "Date"), [], []),
      within(field("crm_lead_ids", "Contacts", "assoc"), [], []),
      within(field("crm_company_id", "Company", "assoc"), [], []),
      within(custom(331, "Serial Number", "Single-line text"), [REPAIRS], [REPAIRS]),
      within(custom(332, "Visit", "gps"), [], []),
    ],
    tasks: [
      field("name", "Task Name", "Single-line text"),
      field("crm_person", "Contact", "assoc"),
      field("crm_company", "Company", "assoc"),
      field("crm_deal", "Deal", "assoc"),
      field("crm_task_status_id", "Status", "Dropdown select", pick("crm_task_status")),
      field("user_id", "Owner", "Dropdown select", people),
      field("crm_task_priority_id", "Priority", "Dropdown select", pick("crm_task_priority")),
      field("crm_task_category_id", "Category", "Dropdown select", categories),
      field("due_date", "Due", "Date time"),
      field("end_due_date", "Ends", "Date time"),
      field("reminder_date", "Reminder", "Date time"),
      field("detail", "Detail", "Text Area"),
      field("next_step", "Next Step", "Text Area"),
      field("crm_task_attachment", "Attachment", "Upload"),
      field("crm_checkin_attributes", "Check-in", "checkin"),
      { ...custom(341, "Checklist", "Checklist"), checklist_details_attributes: null },
    ],
  };
}
