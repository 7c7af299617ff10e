/** The front door of the room: servers found in the store, run, and offered as tools. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { FetchLike } from "@modelcontextprotocol/client";
import type { Clock } from "../core/clock.ts";
import type { McpServerId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import {
  McpProblem,
  type McpControl,
  type McpPrompts,
  type McpReview,
} from "../core/mcp-control.ts";
import {
  holderOf,
  mayUse,
  type McpServer,
  type McpServers,
  type McpState,
  type McpTools,
} from "../core/mcp.ts";
import type { SecretStore } from "../core/secrets.ts";
import type { Service } from "../core/service.ts";
import type { Scope } from "../core/principal.ts";
import type { OfferedTools } from "../core/tool-source.ts";
import type { AuthFor, ConnectionFor, ServerQuestions } from "./auth.ts";
import { createCatalogue } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import { createControl } from "./control.ts";
import { PACES, type Paces } from "./limits.ts";
import type { ConnectDeps } from "./open-connection.ts";
import { openProcessLedger } from "./process-ledger.ts";
import type { McpPrograms } from "../core/mcp-install.ts";
import { programOf } from "./program-of.ts";
import { startProgram } from "./program.ts";
import { createPrompts, type PromptLists } from "./prompts.ts";
import { createReview } from "./review.ts";
import { secretsOf } from "./secrets-of.ts";
import { createSupervisor } from "./supervisor.ts";
import { stir } from "./stir.ts";
import { toolsFor } from "./tools-for.ts";
import { createTryOut } from "./try-out.ts";

export type { AuthFor, ServerQuestions } from "./auth.ts";

export interface McpDeps {
  readonly servers: McpServers;
  readonly tools: McpTools;
  readonly secrets: Pick<SecretStore, "get">;
  /** The way out for servers of this owner: to the public web, and for an operator's to his own network, too. */
  readonly fetchFor: (connection: ConnectionFor) => FetchLike;
  readonly authFor: AuthFor;
  readonly questions: ServerQuestions | null;
  /** Has the program of a server here, fetched or in its container; null: it is started as it is told. */
  readonly programs: Pick<McpPrograms, "ensure"> | null;
  /** Takes out what nobody may read. */
  readonly cleanText: (text: string) => string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface McpOptions {
  /** Homes of servers, and what is known of their processes. */
  readonly folder: string;
  readonly maxMemoryBytes: number;
  readonly idleMs: number;
  /** Of Clara. */
  readonly version: string;
  /** Others than the usual ones, for tests. */
  readonly paces?: Partial<Paces>;
}

export interface Mcp extends AsyncDisposable {
  readonly service: Service;
  /** Gives at once what is ready. */
  readonly source: { readonly toolsFor: (scope: Scope) => OfferedTools };
  readonly control: McpControl;
  readonly review: McpReview;
  readonly prompts: McpPrompts;
  /** For health: how many are wanted, how many of these answer, and how many do not work. The others sleep, or start. */
  readonly count: () => {
    readonly wanted: number;
    readonly ready: number;
    readonly failing: number;
  };
}

/** Secrets shorter than this are words like any other. */
const MIN_SECRET_CHARS = 6;

export async function openMcp(deps: McpDeps, options: McpOptions): Promise<Mcp> {
  const { clock, cleanText, tools, servers } = deps;
  const log = deps.log.child({ room: "mcp" });
  const ledger = await openProcessLedger(
    { createId: randomUUID, log },
    join(options.folder, "runs"),
  );
  const paces = { ...PACES, ...options.paces };
  /** Servers that are known to speak an older revision, until they are changed: they are not asked again. */
  const old = new Map<McpServerId, number>();
  const values = new Map<McpServerId, readonly string[]>();
  const prompts: PromptLists = new WeakMap();
  const offerDeps = {
    hideSecrets: ({ id }: Pick<McpServer, "id">, text: string) =>
      cleanText(
        (values.get(id) ?? []).reduce((rest, value) => rest.replaceAll(value, "[secret]"), text),
      ),
    reach: async (server: McpServer, { scope, signal }: Parameters<typeof reachOf>[1]) =>
      reachOf(server, { scope, signal }),
  };
  const catalogue = createCatalogue({ ...offerDeps, tools });
  const connectDeps: ConnectDeps = {
    fetchFor: deps.fetchFor,
    authFor: deps.authFor,
    questions: deps.questions,
    elapsedMs: clock.elapsedMs,
    version: options.version,
    async start({ server }, secrets, signal) {
      const home = { folder: options.folder, programs: deps.programs };
      return startProgram({ ledger }, await programOf(home, server, secrets, signal));
    },
  };

  /** The library is loaded when the first server is. */
  async function connect(
    of: ConnectionFor,
    secrets: ReadonlyMap<string, string>,
    onListChanged: () => void,
    signal: AbortSignal,
  ): Promise<Connection> {
    const { openConnection } = await import("./open-connection.ts");
    const timeoutMs = isFetched(of.server) ? paces.fetchMs : paces.startMs;
    const { id, revision } = of.server;
    const isOld = old.get(id) === revision;
    const connection = await openConnection(
      connectDeps,
      {
        ...of,
        secrets,
        timeoutMs,
        probeMs: paces.probeMs,
        isOld,
        onListChanged,
      },
      signal,
    );
    if (connection.facts.isOld) old.set(id, revision);
    return connection;
  }

  const supervisor = createSupervisor(
    {
      servers,
      catalogue,
      hideSecrets: offerDeps.hideSecrets,
      clock,
      log,
      async connect({ onListChanged, ...of }, signal) {
        const secrets = await secretsOf(deps.secrets, of.server);
        values.set(
          of.server.id,
          [...secrets.values()].filter(({ length }) => length >= MIN_SECRET_CHARS),
        );
        const connection = await connect(of, secrets, onListChanged, signal);
        if (connection.facts.hasPrompts)
          prompts.set(connection, await connection.listPrompts(signal).catch(() => []));
        return connection;
      },
    },
    { ...options, paces },
  );

  async function reachOf(
    { id }: McpServer,
    {
      scope,
      signal,
    }: { readonly scope: Parameters<typeof mayUse>[1]; readonly signal: AbortSignal },
  ): Promise<Connection> {
    const server = supervisor.serverOf(id);
    if (!server?.isEnabled || !mayUse(server, scope))
      throw new McpProblem("gone", "There is no such server here any more.");
    return await supervisor.keeperOf(server, holderOf(server, scope)).reach(signal);
  }

  const { servers: wanted, stateOf, listedBy, poke } = supervisor;
  const tryOut = createTryOut({
    catalogue,
    connect: (of, secrets, signal) => connect(of, secrets, () => {}, signal),
  });
  return {
    service: supervisor,
    control: createControl(supervisor, tryOut, offerDeps.hideSecrets),
    review: createReview({ tools, catalogue, poke }),
    prompts: createPrompts({ supervisor, listed: prompts, hideSecrets: offerDeps.hideSecrets }),
    source: {
      toolsFor(scope) {
        stir(supervisor, catalogue, scope);
        const knownOf = ({ id }: McpServer) => catalogue.of(id);
        return toolsFor({ servers: wanted, knownOf, stateOf, listedBy }, scope);
      },
    },
    count() {
      const all = wanted().filter(({ isEnabled }) => isEnabled);
      const has = (...states: readonly McpState[]) =>
        all.filter(({ id }) => supervisor.keepersOf(id).some(({ state }) => states.includes(state)))
          .length;
      return { wanted: all.length, ready: has("ready", "slow"), failing: has("failing") };
    },
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}

/** Programs that fetch what they run before they run it. */
const FETCHES = /(?:^|\/)(?:npx|uvx|uv|bunx|pnpm|yarn|pipx|docker|podman)$/;

const isFetched = ({ launch, source }: McpServer): boolean =>
  launch.kind === "stdio" && (FETCHES.test(launch.command) || source.kind === "smithery");
