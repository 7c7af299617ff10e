import { z } from "zod";
import { dayOf, momentOf } from "../dates.ts";
import type { Word } from "./entity.ts";

/** Longest texts. */
export const LENGTHS = {
  name: 500,
  first_name: 500,
  last_name: 500,
  job_title: 255,
  email: 255,
  telephone: 50,
  website: 255,
  address: 500,
  city: 100,
  province: 100,
  country: 100,
  zipcode: 20,
  description: 10_000,
  detail: 10_000,
  next_step: 10_000,
} as const;

const MAX_IDS = 100;
const MAX_PLAIN = 255;

export const id = z.int().positive().max(Number.MAX_SAFE_INTEGER);
/** In paths: Qontak gives out ids of tasks as texts. */
export const anyId = z.union([id, z.string().regex(/^[1-9]\d{0,18}$/, "is no id")]);
export const ids = z.array(id).min(1).max(MAX_IDS);
export const name = z.string().trim().min(1).max(LENGTHS.name);
export const text = (max: number = MAX_PLAIN) => z.string().max(max);
export const amount = z
  .union([z.number().min(0), z.string().regex(/^\d{1,18}(\.\d{1,6})?$/, "is no amount")])
  .describe("Such as 1500000 or 1500000.50");
export const quantity = z.number().min(0);
export const day = z
  .string()
  .refine((value) => dayOf(value) !== null, "is no day: YYYY-MM-DD")
  .describe("YYYY-MM-DD, dd-mm-yyyy or dd/mm/yyyy");
export const moment = z
  .string()
  .refine((value) => momentOf(value) !== null, "is no time: YYYY-MM-DD HH:MM:SS")
  .describe("YYYY-MM-DD, with or without HH:MM:SS");

export const addressFields = {
  address: text(LENGTHS.address),
  city: text(LENGTHS.city),
  province: text(LENGTHS.province),
  country: text(LENGTHS.country),
  zipcode: text(LENGTHS.zipcode),
};

const PRIORITIES = {
  low: ["low"],
  medium: ["medium", "normal"],
  high: ["high"],
  urgent: ["urgent", "critical"],
};

/** How urgent it is, in words; the template says which number that is. */
export const priorityOf = (of: string, levels: readonly (keyof typeof PRIORITIES)[]): Word => ({
  of,
  schema: z.enum(levels).describe(`In words, instead of ${of}`),
  to: (value) => value,
  options: PRIORITIES,
});

export const instead = <Schema extends z.ZodType>(of: string, schema: Schema): Schema =>
  schema.describe(`Another name for ${of}`);
