/** Servers that ship with Clara, each a program of its own. */
export const FIRST_PARTY = ["kledo", "cegid-y2", "qontak", "hacs"] as const;

export type FirstParty = (typeof FIRST_PARTY)[number];
