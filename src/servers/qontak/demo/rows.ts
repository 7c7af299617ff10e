import type { Named, Stored } from "./crm.ts";
import { PROJECTS, SALES } from "./templates.ts";

const DAY_MS = 86_400_000;

const numbered = (first: number, ...names: readonly string[]): readonly Named[] =>
  names.map((name, at) => ({ id: first + at, name }));

export const choices: Readonly<Record<string, readonly Named[]>> = {
  crm_status: numbered(1, "New", "Qualified", "Customer"),
  crm_source: numbered(11, "Website", "WhatsApp", "Exhibition", "Referral"),
  crm_gender: numbered(1, "Female", "Male"),
  crm_type: numbered(21, "Café", "Hotel", "Office", "Reseller"),
  industry: numbered(31, "Food and Beverage", "Hospitality", "Retail"),
  crm_priority: numbered(41, "Low", "Medium", "High"),
  crm_lost_reason: numbered(61, "Price", "Competitor", "No answer"),
  ticket_priority: numbered(71, "Low", "Medium", "High", "Urgent"),
  ticket_category: numbered(81, "Question", "Complaint", "Defect"),
  crm_task_status: numbered(1, "Not Started", "In Progress", "Waiting", "Completed", "Deferred"),
  crm_task_priority: numbered(1, "None", "Low", "Normal", "High", "Urgent"),
};

const PEOPLE = [
  ["Dewi", "Lestari", "Owner", 2001],
  ["Rizky", "Pratama", "Purchasing", 2002],
  ["Ayu", "Kartika", "General Manager", 2003],
  ["Hendra", "Gunawan", "Chef", 2003],
  ["Lina", "Susanto", "Office Manager", 2004],
  ["Agus", "Setiawan", "Owner", 2005],
  ["Nadia", "Rahma", "Marketing", 2001],
  ["Yusuf", "Hidayat", "Technician", 2005],
] as const;

export const contacts: readonly Stored[] = PEOPLE.map(
  ([first_name, last_name, job_title, company], at) => ({
    id: 1001 + at,
    first_name,
    last_name,
    job_title,
    email: `${first_name.toLowerCase()}.${last_name.toLowerCase()}@contoh.example`,
    telephone: `+62812000010${at}`,
    crm_status_id: 1 + (at % 3),
    crm_source_id: 11 + (at % 4),
    crm_company_id: company,
    additional_fields: at % 2 === 0 ? [{ id: 301, name: "Loyalty Tier", value: "3011" }] : [],
  }),
);

export const companies: readonly Stored[] = [
  ["Kedai Senja", "Jakarta", 21],
  ["Toko Roti Mawar", "Bandung", 21],
  ["Hotel Bintang Laut", "Denpasar", 22],
  ["PT Karya Digital", "Jakarta", 23],
  ["Warung Kopi Agus", "Surabaya", 24],
].map(([name, city, crm_type_id], at) => ({
  id: 2001 + at,
  name,
  city,
  country: "Indonesia",
  crm_type_id,
  industry_id: 31 + (at % 3),
  website: `https://company-${at + 1}.example`,
  telephone: `+6221000020${at}`,
  number_of_employees: 5 + at * 20,
  additional_fields: [{ id: 311, name: "Tax Number", value: `01.234.567.${at}-000` }],
}));

const DEALS = [
  ["Two machines for Kedai Senja", SALES, 1013, 84_000_000, 2001, 1001, 12],
  ["Beans, monthly", SALES, 1012, 6_500_000, 2002, 1002, 20],
  ["Breakfast bar", PROJECTS, 1022, 215_000_000, 2003, 1003, 45],
  ["Office pantry", SALES, 1014, 38_000_000, 2004, 1005, 7],
  ["Grinder", SALES, 1015, 9_750_000, 2005, 1006, -5],
  ["Beans for the lobby", SALES, 1016, 4_000_000, 2003, 1004, -12],
  ["Second outlet", SALES, 1011, 120_000_000, 2001, 1007, -2],
  ["Training of baristas", PROJECTS, 1021, 18_000_000, 2005, 1008, 30],
] as const;

/** Closing some days before or after today. */
export const deals = (now: () => Date): readonly Stored[] =>
  DEALS.map(([name, pipeline, stage, size, company, contact, days], at) => ({
    id: 3001 + at,
    name,
    currency: "IDR",
    size,
    crm_pipeline_id: pipeline,
    crm_stage_id: stage,
    crm_company_id: company,
    crm_lead_ids: [contact],
    crm_source_id: 11 + (at % 4),
    creator_id: at % 2 === 0 ? 11 : 12,
    closed_date: dayAfter(now, days),
    ...(stage === 1016 ? { crm_lost_reason_id: 61 } : {}),
    additional_fields: [{ id: 321, name: "Delivery Method", value: "3210" }],
  }));

const dayAfter = (now: () => Date, days: number): string =>
  new Date(now().getTime() + days * DAY_MS).toISOString().slice(0, 10);

export const tasks = (now: () => Date): readonly Stored[] =>
  [
    ["Call Dewi about the quote", 51, 1001, 3001, 1, 1],
    ["Visit Hotel Bintang Laut", 53, 1003, 3003, 2, 3],
    ["Send contract", 52, 1005, 3004, 1, -1],
    ["Thank Agus", 51, 1006, 3005, 4, -4],
  ].map(([name, category, person, deal, status, days], at) => ({
    id: 4001 + at,
    name,
    crm_task_category_id: category,
    crm_person_id: person,
    crm_deal_id: deal,
    crm_task_status_id: status,
    crm_task_priority_id: 3,
    user_id: 11 + (at % 3),
    due_date: `${dayAfter(now, Number(days))} 09:00:00`,
    detail: "",
  }));

export const tickets: readonly Stored[] = [
  {
    id: 5001,
    name: "Steam wand drips",
    ticket_stage_id: 2021,
    ticket_priority_id: 73,
    ticket_category_id: 83,
    crm_company_id: 2001,
    crm_lead_ids: [1001],
    user_id: 13,
    additional_fields: [{ id: 331, name: "Serial Number", value: "LM-2291" }],
  },
  {
    id: 5002,
    name: "Which beans for filter?",
    ticket_stage_id: 2011,
    ticket_priority_id: 71,
    ticket_category_id: 81,
    crm_lead_ids: [1002],
  },
  {
    id: 5003,
    name: "Late delivery",
    ticket_stage_id: 2012,
    ticket_priority_id: 74,
    ticket_category_id: 82,
    crm_company_id: 2003,
    crm_lead_ids: [1003, 1004],
    user_id: 13,
  },
];

export const notes: readonly Stored[] = [
  {
    id: 6001,
    note: "Prefers to be called after ten.",
    type: "Crm::PersonNote",
    crm_person_id: 1001,
  },
  {
    id: 6002,
    note: "Wants two machines before Christmas.",
    type: "Crm::DealNote",
    crm_deal_id: 3001,
  },
  { id: 6003, note: "Pays within 14 days.", type: "Crm::CompanyNote", crm_company_id: 2003 },
];

export const products: readonly Stored[] = [
  ["Espresso machine, two groups", 42_000_000],
  ["Grinder", 9_750_000],
  ["House blend, 1 kg", 185_000],
  ["Training day", 3_500_000],
].map(([name, price], at) => ({
  id: 7001 + at,
  name,
  currency: "IDR",
  price,
  quantity: 10,
  discount: 0,
  total_price: price,
  crm_tag_ids: [],
  description: "",
  product_image: null,
}));

export const onDeals: readonly Stored[] = [
  {
    id: 8001,
    name: "Espresso machine, two groups",
    crm_product_id: 7001,
    crm_deal_id: 3001,
    currency: "IDR",
    price: 42_000_000,
    quantity: 2,
    discount: 0,
    total_price: 84_000_000,
  },
  {
    id: 8002,
    name: "Grinder",
    crm_product_id: 7002,
    crm_deal_id: 3005,
    currency: "IDR",
    price: 9_750_000,
    quantity: 1,
    discount: 0,
    total_price: 9_750_000,
  },
];
