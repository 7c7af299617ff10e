import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { systemClock } from "../../src/core/clock.ts";
import { noFault } from "../../src/core/fault.ts";
import { silentLog } from "../../src/core/log.ts";
import { createRecall } from "../../src/memory/recall.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import { openEmbedded } from "../../src/store/embedded/open-embedded.ts";
import { seeded } from "../../test/leaks/walk.ts";
import { newDm } from "../../test/talk.ts";
import { medianAnd95th } from "../percentile.ts";

/** Facts of one person, and people that have so many. */
const SIZES = [
  { name: "1k", facts: 1_000, people: 1 },
  { name: "10k", facts: 10_000, people: 1 },
  { name: "100k in all", facts: 1_000, people: 100 },
] as const;
const QUESTIONS = 300;
const BATCH = 1_000;
const VOCABULARY = 4_000;

/** Prints, for each size, how long recall takes warm and the first time, beside the trivial query of the same run. */
export async function measureLatency(url: string | null): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "clara-recall-"));
  const database = url === null ? null : await createDatabase(url);
  const options =
    database === null
      ? ({ kind: "embedded", dataDir } as const)
      : ({ kind: "server", url: database.href } as const);
  const deps = {
    log: silentLog,
    fault: noFault,
    random: Math.random,
    createId: randomUUID,
    keys: [],
  };
  await (await openStore(deps, options))[Symbol.asyncDispose]();

  console.log(
    `| facts | first ms | recall p50 / p95 ms | ping p50 / p95 ms | learn p50 / p95 ms |\n|---|---|---|---|---|`,
  );
  const random = seeded(1);
  for (const { name, facts, people } of SIZES) {
    const names = Array.from({ length: people }, (_, n) => `${name.replaceAll(" ", "-")}-${n}`);
    await fill(options, names, facts, random);
    const store = await openStore(deps, options);
    console.log(`| ${name} | ${(await time(store, names, random)).join(" | ")} |`);
    await store[Symbol.asyncDispose]();
  }
  await database?.drop();
  await rm(dataDir, { recursive: true });
}

async function time(
  store: Store,
  names: readonly string[],
  random: () => number,
): Promise<readonly string[]> {
  const recall = createRecall({
    embedder: null,
    source: store.recall,
    clock: systemClock,
    log: silentLog,
    deadlineMs: 60_000,
  });
  const ask = (n: number) => {
    const name = names[n % names.length] ?? "";
    const text = `What about ${wordAt(random)} and ${wordAt(random)} with ${wordAt(random)} last week?`;
    return recall.about(newDm(name).scope(name), { text, given: [], turnId: null });
  };
  const first = await timed(() => ask(0));
  for (let n = 0; n < names.length; n++) await ask(n);
  const [warm, pings, learns]: [number[], number[], number[]] = [[], [], []];
  for (let n = 0; n < QUESTIONS; n++) {
    warm.push(await timed(() => ask(n)));
    pings.push(await timed(() => store.ping()));
  }
  for (let n = 0; n < 50; n++) learns.push(await timed(() => learnOne(store, names[0] ?? "", n)));
  return [
    first.toFixed(1),
    ...[warm, pings, learns].map((each) =>
      medianAnd95th(each)
        .map((ms) => ms.toFixed(2))
        .join(" / "),
    ),
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const learnOne = (store: Store, name: string, n: number) =>
  store.memories.learn(newDm(name).scope(name), [
    {
      kind: "other",
      text: `Fact number ${n} learnt while measured`,
      subject: "",
      isKey: false,
      confidence: 1,
      origin: "heard",
      validFrom: new Date(),
      sources: [],
      conversationId: null,
      replaces: [],
      sameAs: null,
    },
  ]);

/** Words as people use them: a few very often, most of them hardly ever. */
const wordAt = (random: () => number): string => `word${Math.floor(VOCABULARY ** random())}`;

async function fill(
  options: { kind: "embedded"; dataDir: string } | { kind: "server"; url: string },
  names: readonly string[],
  facts: number,
  random: () => number,
): Promise<void> {
  await using opening = new AsyncDisposableStack();
  const embedded =
    options.kind === "embedded" ? opening.use(await openEmbedded(options.dataDir)) : null;
  const pool =
    embedded?.pool ??
    new pg.Pool({ connectionString: options.kind === "server" ? options.url : "" });
  if (!embedded) opening.defer(() => pool.end());
  for (const name of names) {
    const owner = `discord:${name}`;
    await pool.query("insert into people (id, platform, display_name) values ($1, 'discord', $2)", [
      owner,
      name,
    ]);
    for (let from = 0; from < facts; from += BATCH) {
      const texts = Array.from({ length: Math.min(BATCH, facts - from) }, () =>
        Array.from({ length: 10 }, () => wordAt(random)).join(" "),
      );
      await pool.query(
        `insert into memories (id, owner_id, audience, said_to, kind, text, hash, confidence, origin, valid_from, stability, difficulty)
         select 'm' || right(replace(gen_random_uuid()::text, '-', ''), 12), $1, 'private:' || $1, 'private:' || $1,
           case when n % 50 = 0 then 'preference' else 'other' end, text, md5(n || text), 0.8, 'heard',
           now() - make_interval(days => (n % 400)::int), 5, 5
         from unnest($2::text[]) with ordinality as given(text, n) on conflict do nothing`,
        [owner, texts],
      );
    }
  }
  await pool.query("analyze memories");
}

async function createDatabase(
  url: string,
): Promise<{ readonly href: string; readonly drop: () => Promise<void> }> {
  const name = `clara_recall_${randomUUID().replaceAll("-", "")}`;
  const command = async (text: string) => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(text);
    await client.end();
  };
  await command(`create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { href: own.href, drop: () => command(`drop database ${name} with (force)`) };
}
