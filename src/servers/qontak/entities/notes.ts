import { Failure } from "../../kit/failure.ts";
import type { Row } from "../api/wire.ts";
import { word, type Entity, type Written } from "./entity.ts";
import { id, instead, text } from "./fields.ts";

const MAX_CONTENT = 10_000;
const MAX_TITLE = 500;

/** What a note is about: exactly one of these. */
const TYPES = [
  ["crm_person_id", "Crm::PersonNote"],
  ["crm_company_id", "Crm::CompanyNote"],
  ["crm_deal_id", "Crm::DealNote"],
] as const;

export const notes: Entity = {
  one: "note",
  many: "notes",
  says: "note",
  path: "/notes",
  idName: "note_id",
  columns: ["id", "type", "note", "crm_person_full_name", "crm_company_name", "crm_deal_name"],
  filters: {
    crm_lead_id: { schema: id.describe("Of this contact"), field: "crm_person_id" },
    crm_company_id: { schema: id, field: "crm_company_id" },
    crm_deal_id: { schema: id, field: "crm_deal_id" },
  },
  fields: {
    title: text(MAX_TITLE).describe("Becomes the first line: notes of Qontak have no title"),
    content: text(MAX_CONTENT).min(1),
    crm_person_id: id.describe("The contact it is about"),
    crm_company_id: id.describe("The company it is about"),
    crm_deal_id: id.describe("The deal it is about"),
  },
  required: ["content"],
  kept: [],
  words: { crm_lead_id: word("crm_person_id", instead("crm_person_id", id)) },
  takesCustom: false,
  lengths: {},
  template: null,
  prepare: (_deps, _asker, written) => Promise.resolve(toNote(written)),
};

/** With each update Qontak wants all of it: what is not said stays as it is. */
function toNote({ body, current }: Written): Row {
  const { title, content, ...said } = body;
  const rest: Row = Object.keys(said).length === 0 && current !== null ? current : said;
  const about = TYPES.filter(([field]) => isSomething(rest[field]));
  const [only] = about;
  if (!only || about.length > 1)
    throw new Failure("INVALID_ARGUMENT", "A note is about one contact, one company or one deal.", {
      hint: "Give exactly one of crm_person_id, crm_company_id and crm_deal_id.",
    });
  const [field, type] = only;
  return { note: textOf(title, content, current), type, [field]: rest[field] };
}

const isSomething = (value: unknown): boolean => value !== undefined && value !== null;

/** A new title alone goes above the text that is there. */
function textOf(title: unknown, content: unknown, current: Row | null): string {
  const held = current?.["note"];
  const words = typeof content === "string" ? content : typeof held === "string" ? held : "";
  return typeof title === "string" && title !== "" ? `${title}\n\n${words}` : words;
}
