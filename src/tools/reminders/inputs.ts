import { z } from "zod";
import { timeZoneInput } from "../time-zone-input.ts";

export const ownZoneInput = timeZoneInput
  .optional()
  .describe("IANA name, when the person said where they are; it is remembered");

export const whenInput = z
  .string()
  .min(1)
  .max(200)
  .describe(
    'The time as the person said it, for example "tomorrow at 9", "in 20 minutes", "every Monday 8:00"; or ISO 8601',
  );
