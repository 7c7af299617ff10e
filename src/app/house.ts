import type { Budgets } from "../agent/budgets.ts";
import type { ModelHealth } from "../agent/model-health.ts";
import type { OwnSettings } from "../agent/own-settings.ts";
import type { Config } from "../config.ts";
import type { Backups } from "../core/backup.ts";
import type { Announcer } from "../core/announcer.ts";
import type { Asker } from "../core/asker.ts";
import type { Fault } from "../core/fault.ts";
import type { LocalOutlet } from "../core/local-outlet.ts";
import type { Log } from "../core/log.ts";
import type { Platform } from "../core/principal.ts";
import type { Tool } from "../core/tool.ts";
import type { SwitchingModels } from "../llm/index.ts";
import type { PlugIns } from "./mcp.ts";
import type { Store } from "../store/index.ts";
import type { Files } from "./files.ts";
import type { Google } from "./google.ts";
import type { McpSigningIn } from "./mcp-sign-in.ts";
import type { Mail } from "./mail.ts";
import type { Memory } from "./memory.ts";
import type { Outward } from "./outward.ts";
import type { SandboxRoom } from "./sandbox.ts";
import type { RunningSetup } from "./setup.ts";
import type { Telemetry } from "./telemetry.ts";

/** What all rooms share. */
export interface House {
  readonly config: Config;
  readonly log: Log;
  readonly fault: Fault;
  readonly models: SwitchingModels;
  readonly persona: string;
  readonly store: Store;
  readonly outward: Outward;
  readonly local: LocalOutlet;
  readonly setup: RunningSetup;
  readonly ownSettings: OwnSettings;
  /** The one meter of this process. */
  readonly budgets: Budgets;
  readonly memory: Memory;
  readonly files: Files;
  /** null where the operator has not set it up. */
  readonly google: Google | null;
  readonly backups: Backups;
  /** Plug-ins; null where they are switched off. */
  readonly mcp: PlugIns | null;
  readonly mcpSignIn: McpSigningIn;
  /** null where no code can run. */
  readonly sandbox: SandboxRoom | null;
  readonly asker: Asker;
  /** Filled while the house is wired, each with its front door. */
  readonly announcers: Map<Platform, Announcer>;
  /** null where the operator has switched it off. */
  readonly mail: Mail | null;
  readonly modelHealth: ModelHealth;
  readonly telemetry: Telemetry;
  /** The operator's skills. */
  readonly skills: readonly Tool[];
}
