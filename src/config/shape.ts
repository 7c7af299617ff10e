import type { BudgetOptions } from "../agent/budgets.ts";
import type { ContextOptions } from "../agent/context.ts";
import type { TurnLimits } from "../agent/limits.ts";
import type { FaultPoint } from "../core/fault.ts";
import type { PackageIndex } from "../core/packages.ts";
import type { SandboxLimits } from "../core/sandbox.ts";
import type { EmbedderOptions } from "../llm/embedder.ts";
import type { ModelsOptions } from "../llm/models.ts";
import type { TranscriberOptions } from "../llm/transcriber.ts";
import type { ReadingLimits, S3Settings } from "../files/index.ts";
import type { MasterKey } from "../lib/seal.ts";
import type { BackupSettings } from "./backups.ts";
import type { RoomState } from "./rooms.ts";
import type { Misspelling } from "./spelling.ts";
import type { BrowserSettings } from "../tools/web/browser-home.ts";
import type { SearchSettings } from "../tools/web/web-tools.ts";
import type { ROLES } from "./variables/house.ts";
import type { SANDBOX_MODES } from "./variables/sandbox.ts";

export type Role = (typeof ROLES)[number];
export type LogLevel = "debug" | "info" | "warn" | "error";

/** All that the environment says, in the pieces that the rooms take. Nothing in it was read from a file or the network. */
export interface Config {
  readonly version: string;
  readonly botName: string;
  readonly roles: ReadonlySet<Role>;
  readonly logLevel: LogLevel;
  /** Of the part of the log that is kept in the store. */
  readonly logKeptDays: number;
  readonly models: ModelSettings;
  /** What learns from what people say; null: the low tier of who answers. */
  readonly learner: ModelSettings | null;
  /** null: memories are found by their words alone. */
  readonly embedder: EmbedderOptions | null;
  readonly memory: MemoryOptions;
  readonly persona: PersonaSource;
  readonly context: Omit<ContextOptions, "persona">;
  /** Messages older than this go into the summary. */
  readonly summaryAgeMs: number;
  readonly limits: TurnLimits;
  readonly budgets: BudgetOptions;
  /** Relative to where the program was started. */
  readonly dataDir: string;
  /** Of the operator's SKILL.md folders; it need not be there. */
  readonly skillsDir: string;
  /** null: no key, so no pictures. */
  readonly images: ImageSettings | null;
  readonly claudeCode: ClaudeCodeSettings | null;
  /** null: switched off. */
  readonly sandbox: SandboxSettings | null;
  readonly store: StoreSettings;
  readonly files: FileSettings;
  readonly reading: ReadingLimits;
  /** null: nothing that hears is set up. */
  readonly speech: SpeechSettings | null;
  /** The first one seals, all open. */
  readonly secretKeys: readonly MasterKey[];
  /** null: no token. A worker has them too, since it sends the answers. */
  readonly discord: DiscordSettings | null;
  /** null: switched off, or not this process's role. */
  readonly web: WebSettings | null;
  readonly webTools: WebToolSettings;
  readonly google: GoogleSettings;
  readonly mcpInstall: McpInstallSettings;
  readonly backups: BackupSettings;
  readonly mcp: McpSettings;
  readonly mcpSignIn: McpSignInSettings;
  /** Whose programs `clara serve mcp` is for, by standard input and output. */
  readonly mcpToken: string | null;
  readonly mail: MailSettings;
  readonly grace: Grace;
  /** Where a test wants to see the program die; null outside of tests. */
  readonly fault: KillPoint | null;
  /** What was set, by name, save for what is secret. */
  readonly shown: Readonly<Record<string, string>>;
  readonly rooms: readonly RoomState[];
  /** Variables that are set, and that nobody reads: most likely written wrongly. */
  readonly misspelt: readonly Misspelling[];
  /** Variables that are set for a feature of the original which is not there yet. */
  readonly unused: readonly { readonly name: string; readonly feature: string }[];
  /** Every secret value, to take it out of texts that come from elsewhere. */
  readonly secrets: readonly string[];
}

/** Plug-ins that bring more tools. */
export interface McpSettings {
  readonly isOn: boolean;
  /** Homes of their programs, and what is known of their processes. */
  readonly folder: string;
  readonly maxMemoryBytes: number;
  readonly idleMs: number;
}

/** Where MCP servers come from. */
export interface McpInstallSettings {
  /** The operator's files; it need not be there. */
  readonly filesDir: string;
  /** What `${NAME}` in them may stand for. */
  readonly fileVariables: Readonly<Record<string, string>>;
  /** Keys for makers' own servers, as far as they are set. */
  readonly presetVariables: Readonly<Record<string, string>>;
  readonly smitheryKey: string | null;
  readonly githubToken: string | null;
  readonly npmRegistry: string;
  /** What programs of npm and GitHub run in, where there is Docker. */
  readonly nodeImage: string;
  /** The admins of Discord servers may have programs in containers. */
  readonly adminsRunPrograms: boolean;
  readonly dockerHost: string;
  /** For the programs that fetch: proxies, and certificates of the house. */
  readonly networkEnv: Readonly<Record<string, string>>;
}

/** The prices are in a file, which is read by whoever builds the models. */
export type ModelSettings = Omit<ModelsOptions, "prices"> & { readonly pricesFile: string | null };

export interface MemoryOptions {
  /** Whether the tone of a talk is guessed. */
  readonly estimatesTone: boolean;
  /** Whether it is kept who and what people speak of, and how it hangs together. */
  readonly hasGraph: boolean;
}

export type PersonaSource =
  | { readonly kind: "built-in" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string };

export interface ImageSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly imageUsd: number | null;
}

export interface ClaudeCodeSettings {
  readonly root: string;
  readonly allowedUsers: ReadonlySet<string>;
  readonly maxTurns: number;
  readonly executable: string | null;
  /** null: it uses what its own program was signed in with. */
  readonly apiKey: string | null;
}

export interface SandboxSettings {
  readonly mode: Exclude<(typeof SANDBOX_MODES)[number], "off">;
  /** null: not set up. */
  readonly remote: {
    readonly url: string;
    readonly key: string;
    readonly timeoutMs: number;
  } | null;
  readonly docker: {
    readonly host: string;
    readonly image: string;
    readonly maxSandboxes: number;
  };
  readonly limits: SandboxLimits;
  /** Sandboxes that wait for somebody. */
  readonly warm: number;
  readonly idleMs: number;
  /** Of workspaces. */
  readonly dir: string;
  readonly packages: PackageIndex;
  /** Of `clara serve sandbox`. */
  readonly service: {
    readonly host: string;
    readonly port: number;
    readonly keys: readonly string[];
    readonly defaultRunMs: number;
    readonly maxRunMs: number;
  };
}

export type StoreSettings =
  | { readonly kind: "embedded"; readonly dataDir: string }
  | { readonly kind: "server"; readonly url: string };

export interface FileSettings {
  readonly dir: string;
  readonly maxFileBytes: number;
  /** Of one person. */
  readonly quotaBytes: number;
  /** null: in `dir`. */
  readonly s3: S3Settings | null;
}

export interface SpeechSettings extends TranscriberOptions {
  readonly maxSeconds: number;
}

export interface DiscordSettings {
  readonly token: string;
  /** null: Discord's own. */
  readonly apiBase: string | null;
  readonly messageContent: boolean;
  readonly botName: string;
  readonly version: string;
  /** Empty sets allow everything. */
  readonly allowedServers: ReadonlySet<string>;
  readonly allowedChannels: ReadonlySet<string>;
  readonly allowedRoles: ReadonlySet<string>;
  readonly blockedUsers: ReadonlySet<string>;
  readonly adminRoleId: string | null;
  /** In lower case. */
  readonly stopPhrases: readonly string[];
  /** Open questions of one person. */
  readonly maxOpen: number;
  /** Retry, Shorter, Deeper, Continue below finished answers. */
  readonly answerButtons: boolean;
  /** Where warnings and errors are told, too; null for nowhere. */
  readonly logChannelId: string | null;
  /** The application that the token should belong to; null when nobody said. */
  readonly clientId: string | null;
}

export interface WebSettings {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** False: health only. The playground asks nobody who they are. */
  readonly playground: boolean;
  readonly botName: string;
  readonly version: string;
}

export interface McpSignInSettings {
  /** Where browsers reach the window from outside; null when they cannot. */
  readonly windowUrl: string | null;
  /** Where the browser of this machine reaches it. */
  readonly localUrl: string;
  /** Why nobody can sign in, in words; null when people can. */
  readonly off: string | null;
}

/** Off: why, and what turns it on. */
export type GoogleSettings =
  | { readonly isOn: false; readonly says: string; readonly advice: string }
  | {
      readonly isOn: true;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly redirectUri: string;
      /** Where links lead; a slash and the link itself follow. */
      readonly startUrl: string;
    };

export interface WebToolSettings {
  readonly search: SearchSettings;
  readonly browser: BrowserSettings;
  /** Hosts of the operator's own: see src/net/allow-list.ts. */
  readonly fetchAllow: readonly string[];
  /** In lower case. */
  readonly linkHosts: readonly string[];
}

/** When told to stop: turns may finish within `turnsMs`, and the program ends within `totalMs`. */
export interface Grace {
  readonly turnsMs: number;
  readonly totalMs: number;
}

/** The program dies when it passes `point` for the `times`th time. */
export interface KillPoint {
  readonly point: FaultPoint;
  readonly times: number;
}

interface MailTiming {
  /** For accounts that are connected from now on. */
  readonly pollMinutes: number;
  readonly maxBackoffMs: number;
  /** null: she has none. */
  readonly own: OwnMailboxSettings | null;
}

/** `says` and `advice`: why it is off, and what turns it on. */
export type MailSettings =
  | (MailTiming & { readonly isOn: true })
  | (MailTiming & { readonly isOn: false; readonly says: string; readonly advice: string });

export interface OwnMailboxSettings {
  readonly address: string;
  readonly password: string;
  readonly imap: { readonly host: string; readonly port: number };
  readonly smtp: { readonly host: string; readonly port: number };
  readonly smtpTimeoutMs: number;
  readonly everyMs: number;
  /** Addresses, and `@example.com` for a whole domain; in lower case. */
  readonly allowedSenders: readonly string[];
  /** Who is told in Discord, by id; null for nobody. */
  readonly notify: string | null;
}
