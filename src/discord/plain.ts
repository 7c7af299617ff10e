/** Text that PostgreSQL can store: no NUL, no half of a surrogate pair. */
export const toStorable = (text: string): string => text.toWellFormed().replaceAll("\0", "");

/** A name or title on one line. */
export const toPlain = (name: string): string => toStorable(name).replace(/\s+/g, " ").trim();
