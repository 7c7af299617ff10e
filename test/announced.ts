import type { Announcement, Announcer } from "../src/core/announcer.ts";

export type Announced = Announcement;

/** Keeps what is said; the same key is the same message, as at Discord. */
export function announcing(): {
  readonly told: Announcement[];
  readonly announcer: Announcer;
} {
  const told: Announcement[] = [];
  return {
    told,
    announcer: {
      async announce(announcement) {
        if (!told.some(({ key }) => key === announcement.key)) told.push(announcement);
        return { kind: "said", place: announcement.place, messageId: announcement.key };
      },
    },
  };
}
