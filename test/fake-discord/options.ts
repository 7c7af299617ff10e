import { GatewayIntentBits } from "discord-api-types/v10";

import type { GatewayOptions } from "./gateway/connection.ts";
import type { RateLimits } from "./rest/rate-limit.ts";
import type { InteractionTimes } from "./world/interactions.ts";

/** How this Discord differs from the real one. Times are in milliseconds. */
export interface FakeDiscordOptions extends Partial<GatewayOptions>, Partial<InteractionTimes> {
  /** 0, a free one, unless told. */
  readonly port?: number;
  readonly token?: string;
  readonly botName?: string;
  /** Repeats what chance decides: the faults that strike with a probability. */
  readonly seed?: number;
  /** Epoch milliseconds: moves nonces, deadlines, buckets and addresses of files into the future. */
  readonly now?: () => number;
  /** "off" unless told, so that tests are quick; "discord" for the real limits. */
  readonly rateLimits?: RateLimits;
  /** How long a nonce is remembered; "a few minutes" says Discord. */
  readonly nonceWindowMs?: number;
  readonly attachmentLifetimeMs?: number;
  /** False as when the Message Content intent is off in the developer portal: asking for it closes with 4014. */
  readonly messageContentAllowed?: boolean;
}

export type Settings = Required<FakeDiscordOptions>;

const DEFAULTS: Omit<Settings, "now"> = {
  port: 0,
  token: "fake-token.for-clara.not-a-secret",
  botName: "Clara",
  seed: 1,
  rateLimits: "off",
  nonceWindowMs: 5 * 60_000,
  attachmentLifetimeMs: 24 * 60 * 60_000,
  messageContentAllowed: true,
  heartbeatIntervalMs: 41_250,
  sessionLifetimeMs: 60_000,
  // Discord's is 5,000; with 0 a test may start a program again at once.
  identifyIntervalMs: 0,
  maxIdentifies: 1000,
  forbiddenIntents: 0,
  minShards: 1,
  deadlineMs: 3000,
  tokenLifetimeMs: 15 * 60_000,
};

export function withDefaults(options: FakeDiscordOptions): Settings {
  const settings: Settings = { ...DEFAULTS, now: Date.now, ...options };
  const content = settings.messageContentAllowed ? 0 : GatewayIntentBits.MessageContent;
  return { ...settings, forbiddenIntents: settings.forbiddenIntents | content };
}
