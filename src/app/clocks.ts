import { createClockwork } from "../agent/clockwork.ts";
import { remindDue } from "../agent/remind.ts";
import { runSchedules } from "../agent/run-schedules.ts";
import type { Announcer } from "../core/announcer.ts";
import { systemClock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import type { Log } from "../core/log.ts";
import type { Platform } from "../core/principal.ts";
import type { Service } from "../core/service.ts";
import type { Tool } from "../core/tool.ts";
import { loadCalendar } from "../lib/calendar.ts";
import type { Store } from "../store/index.ts";
import { cancelReminder, listReminders, remindMe } from "../tools/reminders/reminders.ts";
import {
  cancelScheduledPrompt,
  listScheduledPrompts,
  schedulePrompt,
} from "../tools/schedules/schedules.ts";

interface ClockDeps {
  readonly store: Pick<Store, "reminderQueue" | "scheduleQueue" | "inbox">;
  readonly fault: Fault;
  readonly log: Log;
}

export interface Clocks {
  readonly services: readonly Service[];
  readonly pokeReminders: () => void;
  readonly pokeSchedules: () => void;
}

/** What Clara does by the clock: reminders and scheduled prompts. */
export function createClocks(
  { store, fault, log }: ClockDeps,
  announcers: ReadonlyMap<Platform, Announcer>,
  access: GuildAccess,
): Clocks {
  const clock = systemClock;
  const shared = { announcers, clock, fault, log: log.child({ room: "agent" }) };
  const deps = { ...shared, access, inbox: store.inbox, calendar: loadCalendar };
  const { reminderQueue, scheduleQueue } = store;
  const timing = { now: clock.now, log: shared.log };
  const reminders = createClockwork("reminders", timing, {
    doDue: (limit, signal) => remindDue({ ...deps, queue: reminderQueue }, limit, signal),
    nextDue: reminderQueue.nextDue,
  });
  const schedules = createClockwork("schedules", timing, {
    doDue: (limit, signal) => runSchedules({ ...deps, queue: scheduleQueue }, limit, signal),
    nextDue: scheduleQueue.nextDue,
  });
  return {
    services: [reminders, schedules],
    pokeReminders: reminders.poke,
    pokeSchedules: schedules.poke,
  };
}

/** Tools for later: reminders and scheduled prompts. */
export function clockTools(
  store: Pick<Store, "reminders" | "schedules" | "settings">,
  timeZone: string,
  clocks: Clocks,
): readonly Tool[] {
  const { reminders, schedules, settings } = store;
  const deps = {
    reminders,
    schedules,
    settings,
    clock: systemClock,
    calendar: loadCalendar,
    timeZone,
  };
  const forReminders = { ...deps, poke: clocks.pokeReminders };
  const forSchedules = { ...deps, poke: clocks.pokeSchedules };
  return [
    remindMe(forReminders),
    listReminders(forReminders),
    cancelReminder(forReminders),
    schedulePrompt(forSchedules),
    listScheduledPrompts(forSchedules),
    cancelScheduledPrompt(forSchedules),
  ];
}
