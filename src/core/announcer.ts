import type { UserId } from "./ids.ts";
import type { Conversation } from "./message.ts";

/** Something that Clara says by herself, outside of any turn. */
export interface Announcement {
  /** At most 22 characters. The same key is the same message, however often it is said. */
  readonly key: string;
  readonly place: Conversation;
  /** dm: to the owner in private, wherever `place` is. */
  readonly to: "here" | "dm";
  /** Who is pinged, and nobody else. What is said "here" goes to the DM when the owner may not read the place any more. */
  readonly owner: UserId;
  /** Markdown. */
  readonly text: string;
  /** At least one row, since the message is found again by the first button. Left out where nobody can press. */
  readonly rows: readonly (readonly AnnouncementButton[])[];
  /** Milliseconds since an attempt may first have been made. */
  readonly ageMs: number;
  /** Shown below the text. */
  readonly card?: AnnouncementCard;
  /** False: nobody is pinged; left out, the owner is. */
  readonly pings?: boolean;
  /** True: "here" is only where the owner may write himself, not just read. */
  readonly isOnlyWhereHeWrites?: boolean;
}

/** Something with a shape of its own, such as a mail. Markdown, but for the title. */
export interface AnnouncementCard {
  readonly title: string;
  readonly text: string;
  /** 0xRRGGBB. */
  readonly color: number;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly footer: string;
  readonly at: Date | null;
}

export interface AnnouncementButton {
  readonly label: string;
  readonly emoji?: string;
  /** What it leads to, without a store behind it: `done:17:1790000000`. At most 90 characters. */
  readonly leadsTo: string;
}

export type Announced =
  /** `place` is where it really went. */
  | { readonly kind: "said"; readonly place: Conversation; readonly messageId: string }
  | { readonly kind: "undeliverable"; readonly reason: string };

/** Says each announcement once, although an earlier attempt may have said it without telling us. What may pass is thrown. */
export interface Announcer {
  readonly announce: (announcement: Announcement, signal: AbortSignal) => Promise<Announced>;
}

/** A key of 22 characters at most is made of these; the maker hashes. */
export const MAX_KEY_CHARS = 22;
