import type { Schedules } from "../../core/schedules.ts";
import type { Press } from "../press.ts";

const HALT = /^halt:(\d{1,15}):\d{1,15}$/;

/** "Stop this schedule", for its owner. The answer under way goes on. */
export const createSchedulePress =
  ({ schedules }: { readonly schedules: Pick<Schedules, "cancel"> }): Press =>
  async (leadsTo, { scope }) => {
    const id = HALT.exec(leadsTo)?.[1];
    if (id === undefined) return null;
    const gone = await schedules.cancel(scope, Number(id));
    return gone
      ? {
          kind: "replace",
          text: `📅 Scheduled: ${gone.prompt}\n-# ⏹️ This schedule is stopped.`,
          rows: [],
        }
      : { kind: "whisper", text: "That schedule is over already, or it is not yours." };
  };
