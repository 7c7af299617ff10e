import type { LogEntry } from "../core/log-entries.ts";
import type { Json } from "../core/model.ts";

/** Kinds of entries that are held apart; further ones are counted only. */
const MAX_GROUPS = 20;
/** Ten of these fit into one message of Discord. */
const MAX_LINE = 180;
const MAX_LINES = 10;
/** Ids, figures and codes. Whatever has a blank in it may be words. */
const PLAIN = /^[\w:.@/+-]{1,80}$/;

interface Group {
  readonly line: string;
  count: number;
}

export interface Groups {
  readonly add: (entry: LogEntry) => void;
  /** The next message, and how many entries it stands for; null when there is nothing to tell. */
  readonly draw: () => { readonly text: string; readonly count: number } | null;
}

/** Entries of one level, room and event are one line: the first of them, and how many there were. */
export function createGroups(): Groups {
  let groups = new Map<string, Group>();
  let others = 0;
  return {
    add(entry) {
      const key = `${entry.level} ${entry.room ?? ""} ${entry.event}`;
      const known = groups.get(key);
      if (known) known.count++;
      else if (groups.size < MAX_GROUPS) groups.set(key, { line: toLine(entry), count: 1 });
      else others++;
    },

    draw() {
      const drawn = [...groups].slice(0, MAX_LINES);
      if (drawn.length === 0) return null;
      groups = new Map([...groups].slice(MAX_LINES));
      const lines = drawn.map(([, { line, count }]) =>
        count > 1 ? `${line} (${count} times)` : line,
      );
      const left = others;
      others = 0;
      if (left > 0) lines.push(`and ${left} more, which the log has`);
      const count = drawn.reduce((sum, [, group]) => sum + group.count, left);
      return { text: lines.join("\n"), count };
    },
  };
}

/** For example `ERROR agent turn-failed turnId=turn:discord:1 error=TypeError`. */
function toLine({ level, room, event, fields }: LogEntry): string {
  const told = Object.entries(fields).flatMap(([name, value]) => {
    const shown = plain(value);
    return shown === null || !PLAIN.test(name) ? [] : `${name}=${shown}`;
  });
  const head = [level === "error" ? "ERROR" : "WARNING", room ?? "house", event].filter((word) =>
    PLAIN.test(word),
  );
  return [...head, ...told].join(" ").slice(0, MAX_LINE);
}

function plain(value: Json): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return PLAIN.test(value) ? value : null;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const { type, code } = value as { readonly type?: Json; readonly code?: Json };
  const parts = [type, code].flatMap((each) => (each === undefined ? [] : (plain(each) ?? [])));
  return parts.length === 0 ? null : parts.join(":");
}
