import type { Config } from "../../config.ts";
import type { DatabaseFacts } from "../../store/inspect.ts";
import { broken, ok, type Check, type Finding } from "./check.ts";

export const checkDatabase = (
  { inspect }: { readonly inspect: (store: Config["store"]) => Promise<DatabaseFacts> },
  { store }: Pick<Config, "store">,
): Check => ({
  name: "database",
  run: async () => judge(await inspect(store)),
});

function judge(facts: DatabaseFacts): Finding {
  if (facts.kind === "new") return ok("embedded; made at the first start");
  if (facts.kind === "in-use") return ok("embedded; in use by a Clara that is running");
  const { version, hasVector, migrations } = facts;
  if (migrations.isNewer)
    return broken(
      "was last used by a newer Clara",
      "Start that version, or restore a backup made before the upgrade.",
    );
  const notes = [
    version,
    hasVector ? "pgvector is there" : "pgvector is not there, and not needed yet",
    migrations.pending > 0 ? "brought up to date at the next start" : "up to date",
  ];
  return ok(notes.join("; "));
}
