/** MCP servers found, shown before anything of them runs, and installed. */
import type { McpServerId, UserId } from "./ids.ts";
import type { McpIsolation, McpLaunch, McpOwner, McpServer, McpSource } from "./mcp.ts";
import type { Scope } from "./principal.ts";

/** How a server's program is started on this machine. */
export interface McpProgram {
  /** Absolute, or found on PATH. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** Programs of servers, each in a folder of its own. */
export interface McpPrograms {
  /**
   * Makes the pinned source runnable here, unless it is; what has to be started in place of what stands in the row.
   * For stdio alone. Throws McpProblem with words for people; rejects with the signal's reason.
   */
  readonly ensure: (
    server: Pick<McpServer, "id" | "source" | "launch">,
    signal: AbortSignal,
  ) => Promise<McpProgram>;
  /** Its files, and what still runs of it in a container. */
  readonly remove: (id: McpServerId) => Promise<void>;
}

/** What a person asks for, as it was written. */
export interface McpWish {
  readonly source: string;
  /** null: made of the source. */
  readonly name: string | null;
  /** null: a container where there is Docker. */
  readonly isolation: McpIsolation | null;
  /** For the program, as they are. */
  readonly args: readonly string[];
}

/** What is installed when somebody agrees: exactly this, whatever its registry says later. Holds no secret. */
export interface McpOffer {
  readonly name: string;
  readonly displayName: string;
  /** The name of the preset that it comes from; null for none. */
  readonly preset: string | null;
  readonly source: McpSource;
  /** `{NAME}` of a need stands where its value goes. */
  readonly launch: McpLaunch;
  readonly needs: readonly McpNeed[];
  /** In its maker's words. */
  readonly description: string;
  /** What is known of it, in order: version, age, maintainers... */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** What to think about before one agrees. */
  readonly risks: readonly string[];
  /** What runs on this machine, word by word and uncut: first what fetches it, then what starts it. Empty on the web. */
  readonly commands: readonly (readonly string[])[];
}

export interface McpNeed {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  /** Taken when nothing is said; null for none. */
  readonly fallback: string | null;
}

export type McpLooked =
  | { readonly kind: "offer"; readonly offer: McpOffer }
  /** What happened, and what to do. */
  | { readonly kind: "refused"; readonly says: string };

export interface McpListing {
  /** As `look` takes it. */
  readonly source: string;
  readonly title: string;
  readonly description: string;
  readonly from: "registry" | "smithery" | "preset" | "first-party";
}

export interface McpFound {
  readonly listings: readonly McpListing[];
  /** Of those that could not be asked, in words. */
  readonly problems: readonly string[];
}

export type McpInstalled =
  | { readonly kind: "installed"; readonly id: McpServerId }
  | { readonly kind: "refused"; readonly says: string };

export interface McpInstaller {
  /** Whether the admins of a Discord server may have programs run for it, in containers. */
  readonly adminsRunPrograms: boolean;
  /** Asks where it comes from. Nothing of it is fetched or run. `mayUsePaths`: who runs this machine may name its folders. */
  readonly look: (wish: McpWish, mayUsePaths: boolean, signal: AbortSignal) => Promise<McpLooked>;
  readonly search: (query: string, signal: AbortSignal) => Promise<McpFound>;
  /** Needs that whoever runs her has set already, for what is installed for everybody: nobody is asked for them. */
  readonly known: (offer: McpOffer, owner: McpOwner) => readonly string[];
  /** Presets whose variables are set. */
  readonly offered: () => readonly McpListing[];
  /** Keeps secrets and row; its tools wait for approval. `values` by a need's name. */
  readonly install: (
    offer: McpOffer,
    owner: McpOwner,
    by: UserId,
    values: Readonly<Record<string, string>>,
  ) => Promise<McpInstalled>;
  /** Row, secrets and files. */
  readonly uninstall: (id: McpServerId) => Promise<boolean>;
  /** Reads the operator's files anew. In words, what came of it. */
  readonly refresh: (signal: AbortSignal) => Promise<string>;
}

/** What a person is, for what follows. */
export interface McpStanding {
  readonly isOperator: boolean;
  readonly isAdmin: boolean;
}

/**
 * Why this person may not install this for that owner; null when he may. What runs as a program runs on the machine and in
 * the network of whoever runs her: that is his to decide, and he may let the admins of servers have containers.
 */
export function installRefusal(
  { source, launch }: Pick<McpOffer, "source" | "launch">,
  owner: McpOwner,
  { principal }: Scope,
  { isOperator, isAdmin }: McpStanding,
  adminsRunPrograms: boolean,
): string | null {
  if (isOperator) return null;
  if (source.kind === "path") return "Only whoever runs me may name folders of this machine.";
  const isProgram = launch.kind === "stdio";
  switch (owner.kind) {
    case "operator":
      return "Only whoever runs me may install for everybody.";
    case "guild":
      if (owner.guildId !== principal.guildId || !isAdmin)
        return "Only people who may manage this server may install for it.";
      if (isProgram && !adminsRunPrograms)
        return "It runs as a program on the machine of whoever runs me: only he may install that, or allow it with CLARA_MCP_ADMINS. What is on the web you may.";
      return isProgram && launch.isolation === "process" && source.kind !== "first-party"
        ? "It would run as a program on the machine of whoever runs me, without a container: only he may install that."
        : null;
    case "person":
      if (owner.userId !== principal.userId) return "For yourself only.";
      return isProgram
        ? "It runs as a program on the machine of whoever runs me. For yourself, take one that is on the web."
        : null;
  }
}
