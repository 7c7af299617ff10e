import { z } from "zod";
import { isTimeZone } from "../lib/time-zone.ts";

/** A time zone as models give it. */
export const timeZoneInput = z
  .string()
  .refine(isTimeZone, "Not a time zone. Give an IANA name such as Europe/Berlin.");
