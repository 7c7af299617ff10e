import pg from "pg";
import { noFault } from "../../src/core/fault.ts";
import { userId } from "../../src/core/ids.ts";
import { silentLog } from "../../src/core/log.ts";
import { mailSecretName } from "../../src/core/mail.ts";
import { aloneScope } from "../../src/core/principal.ts";
import { newMasterKey, toMasterKey } from "../../src/lib/seal.ts";
import { openStore } from "../../src/store/index.ts";
import { openDovecot, type Dovecot } from "../dovecot.ts";
import { startFakeDiscord, type FakeDiscord } from "../fake-discord/index.ts";
import { seededRandom } from "../fake-discord/faults.ts";
import { startProgram, type Program } from "../kill/program.ts";
import { addAccount, fitsAll } from "../mail-rows.ts";
import { mailOf } from "../mail-stage.ts";

export interface Storm {
  readonly mails: number;
  /** All sessions end without a word. */
  readonly drops: number;
  /** All mails are numbered anew. */
  readonly renumberings: number;
  /** Mails vanish while they are being read. */
  readonly expunges: number;
  /** SIGKILLs of the program. */
  readonly kills: number;
  readonly seed: number;
}

export interface Outcome {
  readonly delivered: number;
  /** Taken away by others before or after they were seen. */
  readonly expunged: number;
  readonly seen: number;
  readonly missed: readonly string[];
  readonly doubled: readonly string[];
  /** Alerts and digests that Discord shows not exactly once. */
  readonly toldWrong: readonly string[];
  readonly alerts: number;
  readonly digests: number;
  readonly inDigests: number;
  readonly starts: number;
  readonly seconds: number;
}

export const USER = "ana";
const PASSWORD = "storm-secret";
const SETTLE_MS = 600_000;
const AT_WORK_MS = 120_000;

/** The real program watches a real Dovecot while everything goes wrong, on a PostgreSQL of its own. */
export async function storm(
  url: string,
  wanted: Storm,
  say: (line: string) => void,
): Promise<Outcome> {
  const startedAt = performance.now();
  const random = seededRandom(wanted.seed);
  await using stage = await openMailStage(url);
  const { dovecot, discord, pool, env } = stage;
  let program = startProgram(env);
  let starts = 1;
  const rows = async (text: string) => (await pool.query(text)).rows as Record<string, unknown>[];
  await until(
    async () => (await rows("select from mail_folders")).length > 0,
    program,
    "the first look",
  );

  /** The program that is to die has done something by then, unless there is nothing to do. */
  async function untilAtWork(): Promise<void> {
    const place = async () =>
      JSON.stringify(await rows("select uid_validity, last_uid, checked_at from mail_folders"));
    const before = await place();
    const end = performance.now() + AT_WORK_MS;
    while ((await place()) === before && performance.now() < end) await pause(50);
  }

  const gone = new Set<string>();
  const subjects: string[] = [];
  for (const step of plan(wanted, random)) {
    switch (step) {
      case "mail": {
        const subject = `storm-${subjects.length}`;
        subjects.push(subject);
        await dovecot.deliver(USER, mailOf(subject));
        break;
      }
      case "drop":
        await dovecot.dropSessions();
        break;
      case "renumber":
        await dovecot.renumber(USER);
        await dovecot.dropSessions();
        // A second of its own: Dovecot numbers by the clock.
        await pause(1_100);
        break;
      case "expunge":
        for (const text of await dovecot.expunge(USER, 2))
          gone.add(/^Subject: (.*)$/m.exec(text)?.[1]?.trim() ?? "");
        break;
      case "kill":
        await untilAtWork();
        await pause(random() * 400);
        program.kill("SIGKILL");
        await program.exited;
        // As if its lease were over: the next one is to be at work when it dies, too.
        await pool.query("update mail_accounts set leased_until = null");
        program = startProgram(env);
        starts++;
        say(`${starts - 1} kills, ${subjects.length} mails`);
        break;
    }
    if (random() < 0.3) await pause(random() * 60);
  }

  const wantedSubjects = subjects.filter((subject) => !gone.has(subject));
  const isQuiet = async () => {
    const [state] = await rows(
      `select (select count(*)::int from mail_messages where subject like 'storm-%') as seen,
        (select count(*)::int from mail_alerts where state = 'open') as open`,
    );
    return Number(state?.["seen"]) >= wantedSubjects.length && Number(state?.["open"]) === 0;
  };
  await until(isQuiet, program, "the end of the storm").catch((error: unknown) =>
    say(String(error)),
  );
  await pause(2_000);
  program.kill("SIGTERM");
  await program.exited;

  const mails = await rows(
    "select m.subject, m.digest_id, a.id as alert_id from mail_messages m left join mail_alerts a on a.mail_id = m.id where m.subject like 'storm-%'",
  );
  const alerts = await rows("select id, kind from mail_alerts where kind <> 'notice'");
  const shown = discord
    .messages()
    .flatMap(({ embeds, buttons }) =>
      embeds.length === 0 ? [] : [buttons.map((each) => JSON.stringify(each)).join()],
    );
  const times = (id: unknown) =>
    shown.filter((buttons) => new RegExp(`mail:(?:read|status):${String(id)}:`).test(buttons))
      .length;
  const count = new Map<string, number>();
  for (const { subject } of mails)
    count.set(String(subject), (count.get(String(subject)) ?? 0) + 1);
  const told = mails.filter(
    ({ digest_id: digest, alert_id: alert }) => (digest === null) !== (alert === null),
  );
  return {
    delivered: subjects.length,
    expunged: gone.size,
    seen: mails.length,
    missed: wantedSubjects.filter((subject) => !told.some((each) => each["subject"] === subject)),
    doubled: [...count].filter(([, howOften]) => howOften > 1).map(([subject]) => subject),
    toldWrong: alerts
      .filter(({ id }) => times(id) !== 1)
      .map(({ id, kind }) => `${String(kind)} ${String(id)}: ${times(id)} times`),
    alerts: alerts.filter(({ kind }) => kind === "mail").length,
    digests: alerts.filter(({ kind }) => kind === "digest").length,
    inDigests: mails.filter((each) => each["digest_id"] !== null).length,
    starts,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  };
}

export interface MailStage extends AsyncDisposable {
  readonly dovecot: Dovecot;
  readonly discord: FakeDiscord;
  /** For looking behind the store, and for what only time would do. */
  readonly pool: pg.Pool;
  /** What the program needs to watch this mailbox and to tell of it there. */
  readonly env: Readonly<Record<string, string>>;
}

/** A mailbox of Ana's at a real Dovecot, that is to be watched, and a Discord where she is told of every mail. */
export async function openMailStage(url: string): Promise<MailStage> {
  await using opening = new AsyncDisposableStack();
  const dovecot = opening.use(await openDovecot());
  const discord = opening.use(await startFakeDiscord());
  const keys = newMasterKey();
  await connect(url, keys, dovecot, discord);
  const pool = new pg.Pool({ connectionString: url });
  opening.defer(() => pool.end());
  const all = opening.move();
  return {
    dovecot,
    discord,
    pool,
    env: {
      ...discord.env,
      DATABASE_URL: url,
      CLARA_SECRET_KEYS: keys,
      CLARA_ROLES: "mail",
      CLARA_FETCH_ALLOW: `localhost:${dovecot.imap.port}`,
      NODE_EXTRA_CA_CERTS: dovecot.caFile,
      EMAIL_DEFAULT_POLL_INTERVAL: "1",
      LLM_PROVIDER: "demo",
      LOG_LEVEL: "info",
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

type Step = "mail" | "drop" | "renumber" | "expunge" | "kill";

/** All that happens, in an order of the seed's own. The last thing is a mail, so that nothing wakes it but the mail. */
function plan(
  { mails, drops, renumberings, expunges, kills }: Storm,
  random: () => number,
): readonly Step[] {
  const some = (step: Step, howMany: number) => Array.from({ length: howMany }, () => step);
  const steps = [
    ...some("mail", mails - 1),
    ...some("drop", drops),
    ...some("renumber", renumberings),
    ...some("expunge", expunges),
    ...some("kill", kills),
  ];
  return [
    ...steps
      .map((step) => ({ step, order: random() }))
      .toSorted((a, b) => a.order - b.order)
      .map(({ step }) => step),
    "mail",
  ];
}

async function connect(
  url: string,
  keys: string,
  dovecot: Dovecot,
  discord: FakeDiscord,
): Promise<void> {
  const key = toMasterKey(keys);
  if (!key) throw new Error("A new key is a key");
  await dovecot.addUser(USER, PASSWORD);
  await using store = await openStore(
    {
      log: silentLog,
      fault: noFault,
      random: Math.random,
      createId: () => crypto.randomUUID(),
      keys: [key],
    },
    { kind: "server", url },
  );
  const owner = userId(`discord:${discord.ana.id}`);
  const scope = aloneScope("discord", owner);
  const address = `${USER}@localhost`;
  await store.secrets.put({ kind: "person", userId: owner }, mailSecretName({ address }), PASSWORD);
  await addAccount(store, scope, {
    address,
    login: USER,
    imap: dovecot.imap,
    smtp: null,
    pollMinutes: 1,
  });
  await store.mailRules.save(scope, fitsAll());
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(
  isSo: () => Promise<boolean>,
  program: Program,
  what: string,
): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (!(await isSo())) {
    if (performance.now() > end)
      throw new Error(`${what} did not come: ${program.output().slice(-3_000)}`);
    await pause(200);
  }
}
