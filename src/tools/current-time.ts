import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { SettingsStore } from "../core/settings.ts";
import { defineTool } from "../core/tool.ts";
import { timeZoneInput } from "./time-zone-input.ts";

export const currentTime = (deps: {
  readonly clock: Clock;
  readonly settings: Pick<SettingsStore, "zone">;
  /** For people who never said where they are. */
  readonly timeZone: string;
}) =>
  defineTool({
    name: "current_time",
    description: "The date and time now, in any time zone.",
    label: "Looking at the clock",
    effect: "read",
    timeoutMs: 1_000,
    input: z.object({
      time_zone: timeZoneInput
        .optional()
        .describe("IANA name, for example Asia/Tokyo; left out, that of the person who asks"),
    }),
    async run({ time_zone: given }, { scope }) {
      const timeZone = given ?? (await deps.settings.zone(scope)) ?? deps.timeZone;
      const now = deps.clock.now();
      const words = new Intl.DateTimeFormat("en-GB", {
        timeZone,
        dateStyle: "full",
        timeStyle: "long",
      });
      return { text: `${words.format(now)} (${timeZone}); ${now.toISOString()}` };
    },
  });
