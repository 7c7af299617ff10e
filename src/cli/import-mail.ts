import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { loadConfig } from "../config.ts";
import { userId } from "../core/ids.ts";
import { mailSecretName, type MailConnection } from "../core/mail.ts";
import { aloneScope } from "../core/principal.ts";
import { EXIT, type ExitCode } from "../lib/exit-codes.ts";
import { openFernet, toFernetKey, type FernetKey } from "../lib/fernet.ts";
import { readOriginalRule } from "../mail/original-rules.ts";
import { guessSettings } from "../mail/providers.ts";
import type { Store } from "../store/index.ts";
import { openConfigured, type StoreCommandDeps } from "./open-configured.ts";

const MAX_BYTES = 50_000_000;
const USAGE = `Say where the rows are: clara import mail FILE
  FILE  JSON with the rows of email_accounts and email_rules of an older Clara. docs/MAIL.md has the command that writes it
EMAIL_ENCRYPTION_KEY has to be that Clara's.
`;

const flag = z
  .union([z.boolean(), z.enum(["true", "false"])])
  .transform((value) => value === true || value === "true");
const hour = z.coerce.number().int().min(0).max(23).nullish();
const account = z.looseObject({
  id: z.string(),
  user_id: z.string(),
  email_address: z.string().min(3),
  provider_type: z.string(),
  imap_server: z.string().nullish(),
  imap_port: z.coerce.number().int().nullish(),
  imap_username: z.string().nullish(),
  imap_password: z.string().nullish(),
  enabled: flag.nullish(),
  poll_interval_minutes: z.coerce.number().int().min(1).max(1_440).nullish(),
  ping_on_alert: flag.nullish(),
  quiet_hours_start: hour,
  quiet_hours_end: hour,
});
const rows = z.looseObject({
  email_accounts: z.array(account).default([]),
  email_rules: z
    .array(z.looseObject({ user_id: z.string(), account_id: z.string().nullish() }))
    .default([]),
});

/** `clara import mail FILE`: mailboxes and rules of an older Clara, whose passwords Fernet has sealed; sealed anew here. */
export async function importMail(
  deps: StoreCommandDeps,
  args: readonly string[],
): Promise<ExitCode> {
  const { machine } = deps;
  const [file, ...more] = args;
  if (file === undefined || more.length > 0) {
    machine.errors.write(USAGE);
    return EXIT.usage;
  }
  const config = loadConfig(machine.env);
  const key = toFernetKey(machine.env["EMAIL_ENCRYPTION_KEY"] ?? "");
  if (key === null)
    throw new Error(
      "EMAIL_ENCRYPTION_KEY is not set: it is what opens the passwords of an older Clara.",
    );
  if ((await stat(file)).size > MAX_BYTES)
    throw new Error(`${file} is larger than ${MAX_BYTES / 1_000_000} MB: split it.`);
  const given = rows.parse(JSON.parse(await readFile(file, "utf8")));
  await using store = await openConfigured(deps, config);
  const say = (line: string) => void machine.output.write(`${line}\n`);
  const known = new Map<string, number>();
  for (const each of given.email_accounts) {
    const came = await importAccount(store, key, each);
    if (typeof came === "number") known.set(each.id, came);
    say(
      typeof came === "number" ? `mailbox ${known.size}: kept` : `a mailbox was left out: ${came}`,
    );
  }
  let kept = 0;
  for (const { user_id: user, account_id: at, ...rule } of given.email_rules) {
    const read = readOriginalRule(rule);
    const scope = scopeOf(user);
    if (read.kind === "unreadable" || !scope) {
      say(
        `a rule was left out: ${read.kind === "unreadable" ? read.why : "nobody at Discord owns it"}`,
      );
      continue;
    }
    const accountId = at == null ? null : (known.get(at) ?? null);
    const saved = await store.mailRules.save(scope, { ...read.rule, accountId });
    if (saved.kind === "saved") kept++;
  }
  say(
    `${known.size} mailboxes and ${kept} rules are kept. Alerts come in private until their owners say otherwise.`,
  );
  return EXIT.ok;
}

/** Its number; words why not. */
async function importAccount(
  store: Store,
  key: FernetKey,
  row: z.infer<typeof account>,
): Promise<number | string> {
  const scope = scopeOf(row.user_id);
  if (!scope) return "nobody at Discord owns it";
  const guessed = guessSettings(row.email_address);
  const host = row.imap_server ?? guessed?.imap.host;
  if (row.provider_type === "gmail" || !row.imap_password)
    return "it has no password (Gmail by Google's sign-in): its owner connects it anew";
  if (host === undefined) return "it has no server";
  const password = openFernet(key, row.imap_password);
  if (!password) return "EMAIL_ENCRYPTION_KEY does not open its password";
  const address = row.email_address.toLowerCase();
  const port = row.imap_port ?? 993;
  const connection: MailConnection = {
    address,
    login: row.imap_username ?? address,
    provider: guessed?.imap.host === host ? guessed.provider : "imap",
    auth: "password",
    imap: { host, port, security: port === 143 ? "starttls" : "tls" },
    smtp: guessed?.smtp ?? null,
  };
  const owner = { kind: "person", userId: scope.principal.userId } as const;
  await store.secrets.put(owner, mailSecretName(connection), password.reveal());
  const added = await store.mailAccounts.add(scope, {
    ...connection,
    pollMinutes: row.poll_interval_minutes ?? 5,
  });
  if (added.kind === "too-many") return "its owner has too many";
  const { quiet_hours_start: from, quiet_hours_end: to } = row;
  await store.mailAccounts.change(scope, added.account.id, {
    pings: row.ping_on_alert ?? false,
    quiet: from == null || to == null ? null : { from: from * 60, to: to * 60 },
    state: row.enabled === false ? "paused" : "active",
  });
  await store.mailQueue.note(added.account.id, { kind: "imported", detail: "from an older Clara" });
  return added.account.id;
}

/** Older Claras wrote `discord-123`. */
function scopeOf(user: string) {
  const id = /^(?:discord[:-])?(\d{5,20})$/.exec(user)?.[1];
  return id === undefined ? null : aloneScope("discord", userId(`discord:${id}`));
}
