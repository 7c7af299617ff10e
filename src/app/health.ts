import type { ModelHealth } from "../agent/model-health.ts";
import type { Backups } from "../core/backup.ts";
import type { Clock } from "../core/clock.ts";
import type { Discord } from "../discord/index.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import type { Store } from "../store/index.ts";
import type { Health } from "../web/index.ts";
import { withoutSandbox } from "./sandbox-health.ts";
import type { SandboxRoom } from "./sandbox.ts";
import type { RunningSetup } from "./setup.ts";

/** A database that takes longer is as good as away. */
const DATABASE_PATIENCE_MS = 1_500;
/** Discord cuts connections now and then; they are back within seconds. At a start it takes as long. */
const DISCORD_PATIENCE_MS = 60_000;

interface Deps {
  readonly setup: Pick<RunningSetup, "rooms" | "isDemo">;
  readonly store: Pick<Store, "ping">;
  /** null where nothing could run code. */
  readonly sandbox: Pick<SandboxRoom, "isAway"> | null;
  readonly modelHealth: Pick<ModelHealth, "isAway">;
  readonly backups: Pick<Backups, "state">;
  /** Not there: switched off. */
  readonly mcp?: { readonly count: () => PlugIns } | null;
  readonly clock: Clock;
}

interface PlugIns {
  readonly wanted: number;
  readonly ready: number;
  readonly failing: number;
}

/** Is she well, and may work be sent to this process? A room that is on and does not work makes the whole unwell. */
export function createHealth(
  { setup, store, modelHealth, backups, sandbox, mcp = null, clock }: Deps,
  discord: Pick<Discord, "state"> | null,
): () => Promise<Health> {
  /** When Discord was first found away; null while it is there. */
  let awaySince: number | null = null;

  function isDiscordAway(): boolean {
    if (discord === null || discord.state() === "ready") {
      awaySince = null;
      return false;
    }
    awaySince ??= clock.elapsedMs();
    return discord.state() === "stopped" || clock.elapsedMs() - awaySince > DISCORD_PATIENCE_MS;
  }

  return async () => {
    const works = await answers(store);
    const troubles: Readonly<Record<string, string | null>> = {
      store: works ? null : "the database does not answer",
      discord: isDiscordAway() ? "not connected" : null,
      backups: backups.state().lastTry?.problem == null ? null : "the last copy could not be made",
      sandbox: sandbox?.isAway() === true ? "code cannot run now" : null,
      models: modelHealth.isAway() ? "the language model does not answer" : null,
    };
    const rooms = setup.rooms().map((given) => {
      const says = given.name === "mcp" ? plugInsSay(mcp?.count() ?? null) : null;
      const told = says === null ? given : { ...given, says };
      const room = sandbox === null ? withoutSandbox(told) : told;
      const trouble = room.isOn ? (troubles[room.name] ?? null) : null;
      return trouble === null
        ? { ...room, isWell: true }
        : { ...room, isWell: false, says: trouble, advice: "look into the log" };
    });
    return {
      status: rooms.every(({ isWell }) => isWell) ? "ok" : "degraded",
      isReady: works && (discord === null || discord.state() === "ready"),
      isDemo: setup.isDemo(),
      rooms,
    };
  };
}

/** A stranger's server that does not work is no reason to start her anew: it is told, and she is well. */
function plugInsSay(count: PlugIns | null): string | null {
  if (count === null || count.wanted === 0) return null;
  const { wanted, ready, failing } = count;
  const servers = wanted === 1 ? "1 server" : `${wanted} servers`;
  const broken = failing > 0 ? `, ${failing} not working` : "";
  return `${servers}, ${ready} ready${broken}`;
}

const answers = (store: Pick<Store, "ping">): Promise<boolean> =>
  Promise.race([
    store.ping().then(
      () => true,
      () => false,
    ),
    untilAborted(AbortSignal.timeout(DATABASE_PATIENCE_MS)).then(() => false),
  ]);
