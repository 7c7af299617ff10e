import { z } from "zod";
import { isTimeZone } from "../../lib/calendar.ts";

export const timeZoneInput = z
  .string()
  .refine(isTimeZone, "Not a time zone. Give an IANA name such as Europe/Berlin.")
  .optional()
  .describe("IANA name, when the person said where they are; it is remembered");

export const whenInput = z
  .string()
  .min(1)
  .max(200)
  .describe(
    'The time as the person said it, for example "tomorrow at 9", "in 20 minutes", "every Monday 8:00"; or ISO 8601',
  );
