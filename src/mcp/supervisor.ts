import type { Clock } from "../core/clock.ts";
import type { McpServerId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { type McpOwner, type McpServer, type McpServers, type McpState } from "../core/mcp.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import { sourceFolderOf, watchFolder } from "./hot-reload.ts";
import { createTurns } from "./in-turn.ts";
import { Keeper, type KeeperDeps } from "./keeper.ts";
import {
  LOOK_EVERY_MS,
  MAX_CONNECTIONS,
  MAX_KEEPERS,
  MAX_STARTS_AT_ONCE,
  START_PLACE_MS,
} from "./limits.ts";
import type { WatchDeps } from "./watch-over.ts";

export interface SupervisorDeps extends Pick<KeeperDeps, "connect"> {
  readonly servers: Pick<McpServers, "changed" | "tell">;
  readonly catalogue: Catalogue;
  /** Takes out of a server's words what nobody may read. */
  readonly hideSecrets: (server: McpServer, text: string) => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs what the rows want, and tells how it goes. */
export interface Supervisor extends Service {
  readonly servers: () => readonly McpServer[];
  readonly serverOf: (id: McpServerId) => McpServer | null;
  readonly keepersOf: (id: McpServerId) => readonly Keeper[];
  readonly stateOf: (server: McpServer, holder: McpOwner) => McpState;
  readonly listedBy: (server: McpServer, holder: McpOwner) => ReadonlySet<string> | null;
  /** The keeper of these credentials, made where there is none yet. */
  readonly keeperOf: (server: McpServer, holder: McpOwner) => Keeper;
  readonly poke: () => void;
}

interface Held {
  readonly keeper: Keeper;
  readonly stop: () => Promise<void>;
  listed: ReadonlySet<string> | null;
}

export function createSupervisor(
  { servers, catalogue, hideSecrets, clock, log, connect }: SupervisorDeps,
  limits: Pick<WatchDeps, "maxMemoryBytes" | "idleMs" | "paces">,
): Supervisor {
  const wanted = new Map<McpServerId, McpServer>();
  const held = new Map<string, Held>();
  /** What is ending; whoever comes after it waits until it is gone. */
  const ending = new Map<string, Promise<void>>();
  const inTurn = createTurns(MAX_STARTS_AT_ONCE, START_PLACE_MS);
  const telling = new Map<McpServerId, Promise<void>>();
  let bell = Promise.withResolvers<void>();
  let stopped: AbortSignal = AbortSignal.abort();

  function keeperOf(server: McpServer, holder: McpOwner, isAsleep = true): Keeper {
    const key = keyOf(server, holder);
    const before = held.get(key);
    if (before) return before.keeper;
    if (held.size >= MAX_KEEPERS) forgetSleeping();
    const keeper = new Keeper(
      {
        ...limits,
        clock,
        log,
        connect: (of, signal) =>
          connect({ ...of, server: wanted.get(server.id) ?? server }, signal),
        inTurn: (start, signal) =>
          inTurn(() => {
            makeRoom();
            return start();
          }, signal),
        onListed: (connection, signal) => see(key, connection, signal),
        onState: () => tell(server.id),
      },
      { server, holder },
      { isAsleep },
    );
    const stopping = new AbortController();
    const previous = ending.get(key) ?? Promise.resolve();
    const signal = AbortSignal.any([stopped, stopping.signal]);
    const running = previous.then(() => keeper.run(signal)).catch(onBug);
    const watching = watchSource(server, keeper, signal);
    const stop = () => {
      stopping.abort();
      const gone = Promise.all([running, watching]).then(() => {
        if (ending.get(key) === gone) ending.delete(key);
      });
      ending.set(key, gone);
      held.delete(key);
      return gone;
    };
    held.set(key, { keeper, stop, listed: null });
    return keeper;
  }

  async function see(key: string, connection: Connection, signal: AbortSignal): Promise<void> {
    const one = held.get(key);
    if (!one) return;
    const { keeper } = one;
    const server = wanted.get(keeper.server.id) ?? keeper.server;
    const { facts } = connection;
    const listed = facts.hasTools ? await connection.listTools(signal) : [];
    const isWhole = !isPersonal(server);
    await catalogue.see(server, facts, listed, isWhole);
    one.listed = isWhole ? null : new Set(listed.map(({ name }) => name));
    tell(server.id);
  }

  /** The one that has been idle for longest makes room for a new one. */
  function makeRoom(): void {
    const open = [...held.values()].filter(({ keeper }) => keeper.connection !== null);
    if (open.length < MAX_CONNECTIONS) return;
    const idle = open
      .flatMap(({ keeper }) =>
        keeper.idleSince === null ? [] : [{ keeper, at: keeper.idleSince }],
      )
      .toSorted((one, other) => one.at - other.at);
    idle[0]?.keeper.sleep();
  }

  function forgetSleeping(): void {
    for (const { keeper, stop } of held.values())
      if (isPersonal(keeper.server) && keeper.state === "off") void stop();
  }

  /** One after the other for each server, and always as it is by then. A store that is away is told the next time. */
  function tell(id: McpServerId): void {
    const before = telling.get(id) ?? Promise.resolve();
    const told = before.then(async () => {
      const server = wanted.get(id);
      if (server) await servers.tell(id, statusOf(server));
    });
    telling.set(
      id,
      told.catch((error: unknown) =>
        log.warn({ serverId: id, error: asError(error) }, "mcp-state-not-told"),
      ),
    );
  }

  function statusOf(server: McpServer): {
    readonly state: McpState;
    readonly detail: string | null;
  } {
    const keepers = [...held.values()]
      .map(({ keeper }) => keeper)
      .filter((keeper) => keeper.server.id === server.id);
    const first = keepers.toSorted((one, other) => RANKS[one.state] - RANKS[other.state])[0];
    const { waiting, changed, left } = catalogue.of(server.id);
    const words = [
      first?.detail ?? "",
      changed > 0
        ? `${changed} tools have changed since they were agreed to, and are not used.`
        : "",
      waiting > changed ? `${waiting - changed} new tools wait to be agreed to.` : "",
      left.length > 0 ? `Left out: ${left.slice(0, MAX_LEFT_TOLD).join("; ")}.` : "",
      left.length > MAX_LEFT_TOLD ? `And ${left.length - MAX_LEFT_TOLD} more.` : "",
    ].filter((piece) => piece !== "");
    return {
      state: first?.state ?? "off",
      detail: words.length === 0 ? null : hideSecrets(server, words.join(" ")),
    };
  }

  async function reconcile(rows: readonly McpServer[]): Promise<void> {
    const fresh = new Map(rows.map((row) => [row.id, row]));
    for (const { keeper, stop } of held.values()) {
      const row = fresh.get(keeper.server.id);
      if (!row?.isEnabled || row.revision !== keeper.server.revision) void stop();
    }
    for (const id of [...wanted.keys()].filter((each) => !fresh.has(each))) {
      wanted.delete(id);
      telling.delete(id);
      catalogue.forget(id);
    }
    await Promise.all(rows.map((row) => catalogue.load(row)));
    for (const row of rows) {
      const isNew = !wanted.has(row.id);
      wanted.set(row.id, row);
      // What an earlier run told of it is not so any more.
      if (isNew || !row.isEnabled) tell(row.id);
      if (!row.isEnabled) continue;
      if (!isPersonal(row)) keeperOf(row, row.owner, isLazy(row, catalogue));
    }
  }

  return {
    name: "mcp",
    servers: () => [...wanted.values()],
    serverOf: (id) => wanted.get(id) ?? null,
    keepersOf: (id) =>
      [...held.values()].map(({ keeper }) => keeper).filter(({ server }) => server.id === id),
    stateOf: (server, holder) => held.get(keyOf(server, holder))?.keeper.state ?? "off",
    listedBy: (server, holder) => held.get(keyOf(server, holder))?.listed ?? null,
    keeperOf,
    poke: () => bell.resolve(),
    async run(signal) {
      stopped = signal;
      let mark: string | null = null;
      while (!signal.aborted) {
        bell = Promise.withResolvers<void>();
        try {
          const found = await servers.changed(mark);
          if (found) await reconcile(found.servers);
          mark = found?.mark ?? mark;
        } catch (error) {
          log.warn({ error: asError(error) }, "mcp-rows-not-read");
        }
        await Promise.race([pause(LOOK_EVERY_MS, signal), bell.promise]);
      }
      await Promise.all([...held.values()].map(({ stop }) => stop()));
      await Promise.all([...ending.values(), ...telling.values()]);
    },
  };

  function onBug(error: unknown): void {
    log.error({ error: asError(error) }, "mcp-keeper-broke");
  }
}

/** Of several connections of one server, the state of the one that says most about it is told. */
const RANKS: Readonly<Record<McpState, number>> = {
  ready: 0,
  slow: 1,
  starting: 2,
  failing: 3,
  "needs-sign-in": 4,
  off: 5,
};
const MAX_LEFT_TOLD = 10;

const isPersonal = ({ launch }: McpServer): boolean =>
  launch.kind === "http" && launch.auth === "person";

const keyOf = ({ id }: McpServer, holder: McpOwner): string => {
  const who =
    holder.kind === "person" ? holder.userId : holder.kind === "guild" ? holder.guildId : "";
  return `${id} ${holder.kind} ${who}`;
};

/** The operator's are begun at once; others with their first call, once it is known what they can. */
const isLazy = ({ id, owner }: McpServer, catalogue: Catalogue): boolean =>
  owner.kind !== "operator" && catalogue.of(id).tools.length > 0;

async function watchSource(server: McpServer, keeper: Keeper, signal: AbortSignal): Promise<void> {
  const folder = sourceFolderOf(server);
  if (folder !== null) await watchFolder(folder, () => keeper.restart(), signal);
}
