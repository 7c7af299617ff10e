import type { RowTarget } from "../core/backup.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { createRowTarget } from "./backup/load-rows.ts";
import { upkeepBoss } from "./database.ts";
import { startBoss } from "./queue/boss.ts";
import { openEmbedded } from "./embedded/open-embedded.ts";
import { createSealer, type MasterKey, type Sealer } from "../lib/seal.ts";
import { createUpkeep } from "./embedded/upkeep.ts";
import { openKeyFile } from "./key-file.ts";
import { createListener } from "./server/listener.ts";
import { openServer, toClientConfig } from "./server/open-server.ts";
import { startStore, type Opened, type Store, type StoreDeps } from "./start-store.ts";

export type { Store } from "./start-store.ts";

/** `keys`: the master keys of secrets, the sealing one first. None: an embedded store has a file with its own. */
export interface OpenStoreDeps extends Omit<StoreDeps, "sealer"> {
  readonly keys: readonly MasterKey[];
}

export type StoreOptions =
  | { readonly kind: "embedded"; readonly dataDir: string }
  | { readonly kind: "server"; readonly url: string };

/** Opens the database, brings it to this program's state and starts the queue. Throws words that say what to do. */
export async function openStore(given: OpenStoreDeps, options: StoreOptions): Promise<Store> {
  const deps = { ...given, log: given.log.child({ room: "store" }) };
  await using opening = new AsyncDisposableStack();
  const opened =
    options.kind === "embedded"
      ? await openInFolder(options.dataDir, deps.log, opening)
      : await openOnServer(options.url, deps.log, opening);
  const sealer = await openSealer(given.keys, options);
  const store = opening.use(await startStore({ ...deps, sealer }, opened));
  const all = opening.move();
  return { ...store, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

export interface EmptyStore extends AsyncDisposable {
  readonly rows: RowTarget;
}

/** Opens a database that is to take a copy, and changes nothing in it until then. Throws words that say what to do. */
export async function openEmptyStore(
  deps: Pick<OpenStoreDeps, "log">,
  options: StoreOptions,
): Promise<EmptyStore> {
  const log = deps.log.child({ room: "store" });
  await using opening = new AsyncDisposableStack();
  const { kind, pool } =
    options.kind === "embedded"
      ? await openInFolder(options.dataDir, log, opening)
      : await openOnServer(options.url, log, opening);
  const rows = createRowTarget(pool, {
    async makeQueue() {
      const boss = await startBoss(upkeepBoss(pool), { kind, log });
      await boss.stop({ graceful: false, close: false });
    },
  });
  const all = opening.move();
  return { rows, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function openSealer(
  [first, ...others]: readonly MasterKey[],
  options: StoreOptions,
): Promise<Sealer | null> {
  if (first) return createSealer([first, ...others]);
  return options.kind === "embedded" ? createSealer([await openKeyFile(options.dataDir)]) : null;
}

async function openInFolder(
  dataDir: string,
  log: Log,
  opening: AsyncDisposableStack,
): Promise<Opened> {
  const { pool, broken, freeBytes } = opening.use(await openEmbedded(dataDir));
  const upkeep = createUpkeep({ query: (text) => pool.query(text), freeBytes, broken, log });
  return { kind: "embedded", pool, services: () => [upkeep] };
}

async function openOnServer(url: string, log: Log, opening: AsyncDisposableStack): Promise<Opened> {
  const pool = await openServer(url, log);
  opening.defer(() => pool.end());
  const listen = ({ worker, wake }: { worker: number; wake: () => void }): readonly Service[] => [
    createListener({ config: toClientConfig(url), worker, wake, log }),
  ];
  return { kind: "server", pool, services: listen };
}
