import type { Reminder } from "../core/reminders.ts";
import { describeRepeat } from "../lib/calendar.ts";

/** Less is not worth a word. */
const LATE_MS = 60_000;

/** What a person reads when the time has come. */
export function reminderWords(
  { text, repeat, timesLeft }: Pick<Reminder, "text" | "repeat" | "timesLeft">,
  { lateMs, missed }: { readonly lateMs: number; readonly missed: number },
): string {
  const remarks = [
    lateMs >= LATE_MS ? `-# ⏳ ${span(lateMs)} late: I was away when it was time.` : "",
    missed > 0
      ? `-# ${missed === 1 ? "One more time was" : `${missed} more times were`} missed.`
      : "",
    repeat !== null && timesLeft - missed <= 1 ? "-# This was the last time of this repeat." : "",
    repeat !== null && timesLeft - missed > 1 ? `-# 🔁 ${describeRepeat(repeat)}` : "",
  ];
  return [`⏰ ${text}`, ...remarks.filter((remark) => remark !== "")].join("\n");
}

/** "3 h 5 min", "2 days". */
function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}
