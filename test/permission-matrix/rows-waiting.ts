import { waiting, type WaitingRow } from "./row.ts";

const BUSINESS =
  "tenants are the business servers' own (test/servers); in Discord nothing leads to them yet";

/** Rows whose subject does not exist. Each is played as soon as it does. */
export const WAITING_ROWS: readonly WaitingRow[] = [
  waiting(
    [11, "X", "DM, pairing", "says hello", "told once how to pair"],
    "DMs know no pairing yet: whoever reaches her in private is answered",
  ),
  waiting(
    [12, "X", "DM, allow-list", "says hello", "silence"],
    "DMs know no allow-list yet; whom the operator blocks is row 13",
  ),
  waiting([47, "user of tenant 1", "anywhere", "names tenant 2", "refused"], BUSINESS),
  waiting([48, "admin of tenant 1", "anywhere", "lists integrations", "his own"], BUSINESS),
  waiting([49, "removed user", "anywhere", "uses a cached token", "refused in a minute"], BUSINESS),
  waiting(
    [59, "B", "sandbox", "runs after A", "finds nothing of A"],
    "it wants a Docker engine: src/sandbox plays it where there is one",
  ),
  waiting([60, "B", "dashboard", "opens A's pages", "not found"], "there is no dashboard yet"),
];
