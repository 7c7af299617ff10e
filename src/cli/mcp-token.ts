import { parseArgs } from "node:util";
import { loadConfig } from "../config.ts";
import type { Clock } from "../core/clock.ts";
import { userId } from "../core/ids.ts";
import { aloneScope } from "../core/principal.ts";
import { newAccessToken } from "../lib/access-token.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { openConfigured, type StoreCommandDeps } from "./open-configured.ts";

export interface McpTokenDeps extends StoreCommandDeps {
  readonly clock: Pick<Clock, "now">;
}

const USAGE = `Say whose programs it is for: clara mcp-token ID [--change] [--days N] [--label WORDS]
  ID        the person's Discord id, or web:local for the playground's person
  --change  programs may change things, too, and ask Clara; otherwise they read
  --days    how long it is good: 1 to 365, otherwise 90
  --label   what it is for
`;
const DEFAULT_DAYS = 90;
const MAX_DAYS = 365;
const MAX_LABEL_CHARS = 60;
const DAY_MS = 24 * 3_600_000;

/** `clara mcp-token ID`: a token by which a person's own programs reach Clara as that person. Told once. */
export async function mcpToken(deps: McpTokenDeps, args: readonly string[]): Promise<ExitCode> {
  const { machine, clock } = deps;
  const asked = readArgs(args);
  if (asked === null) {
    machine.errors.write(USAGE);
    return EXIT.usage;
  }
  await using store = await openConfigured(deps, loadConfig(machine.env));
  const { token, hash, id } = newAccessToken();
  const { person, label, canChange, days } = asked;
  const expiresAt = new Date(clock.now().getTime() + days * DAY_MS);
  const scope = aloneScope("discord", userId(person));
  const kept = await store.accessTokens.add(scope, hash, { id, label, canChange, expiresAt });
  if (!kept) throw new Error("That person has as many tokens as anybody may: take one back first.");
  machine.output.write(`${token}\n`);
  machine.errors.write(
    `It is good for ${days} days, and ${canChange ? "may change things" : "reads only"}. It is not shown again.\n`,
  );
  return EXIT.ok;
}

function readArgs(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        change: { type: "boolean", default: false },
        days: { type: "string", default: String(DEFAULT_DAYS) },
        label: { type: "string", default: "made on the command line" },
      },
    });
    const [id = "", ...more] = positionals;
    const person = /^\d{5,20}$/.test(id) ? `discord:${id}` : id === "web:local" ? id : null;
    const days = Number(values.days);
    const isGood = Number.isInteger(days) && days >= 1 && days <= MAX_DAYS && more.length === 0;
    if (person === null || !isGood) return null;
    const label = values.label.slice(0, MAX_LABEL_CHARS);
    return { person, label, canChange: values.change, days };
  } catch {
    return null; // An option that there is not.
  }
}
