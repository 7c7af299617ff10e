import { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Announcer } from "../core/announcer.ts";
import type { ChannelPosts } from "../core/channel-posts.ts";
import type { Clock } from "../core/clock.ts";
import type { AttachmentSource } from "../core/files.ts";
import type { Fault } from "../core/fault.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import type { SettingsStore } from "../core/settings.ts";
import type { Log } from "../core/log.ts";
import type { LogChannel } from "../core/log-entries.ts";
import type { Operators as OperatorsPort } from "../core/operators.ts";
import type { Outlet, TurnWatcher } from "../core/outlet.ts";
import type { ReceiptOutlet } from "../core/receipts.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import { WrongSettings } from "../lib/wrong-settings.ts";
import { tellingOfBudgets, tellingOfRefusals } from "./admin-news.ts";
import { createChannelPosts } from "./channel-posts.ts";
import { createDiscordAnnouncer } from "./announcer.ts";
import type { EntryRules } from "./gate.ts";
import { createGuildAccess } from "./guild-access.ts";
import { createGuildLog, type GuildLog } from "./guild-log.ts";
import { createLogChannel } from "./log-channel.ts";
import { createOperators, toPort, type Operators } from "./operators.ts";
import type { DiscordOptions } from "./options.ts";
import { createDiscordAttachments } from "./attachments.ts";
import { createDiscordOutlet } from "./outlet.ts";
import { createReceiptOutlet } from "./receipt-buttons.ts";
import { restOptions } from "./rest.ts";
import type { Snowflake } from "./snowflake.ts";
import { createTyping, type Typing } from "./typing.ts";

const PAUSE_MS = 5_000;

export interface AnswersDeps {
  readonly clock: Clock;
  readonly fault: Fault;
  readonly log: Log;
  /** Takes secrets out of whatever is sent to Discord; see RestDeps. */
  readonly cleanText?: (text: string) => string;
  readonly settings: Pick<SettingsStore, "logChannelOf">;
  /** Short, random, never the same twice. */
  readonly createControlId: () => string;
}

type AnswersOptions = Pick<DiscordOptions, "token" | "apiBase" | "answerButtons" | "logChannelId"> &
  EntryRules;

/** Everything that leaves for Discord goes through here. */
export interface Answers {
  readonly rest: REST;
  readonly restOptions: ReturnType<typeof restOptions>;
  readonly typing: Typing;
  readonly outlet: Outlet;
  readonly receiptOutlet: ReceiptOutlet;
  readonly announcer: Announcer;
  readonly access: GuildAccess;
  readonly posts: ChannelPosts;
  readonly operators: Operators;
  /** null: no channel is set. */
  readonly logChannel: LogChannel | null;
  readonly guildLog: GuildLog;
  /** For what of turns the admins of a server should know. */
  readonly watch: TurnWatcher;
  /** Rejects when Discord refuses the token. */
  readonly attachments: AttachmentSource;
  readonly refused: Promise<never>;
}

const TOKEN_REFUSED =
  "Discord does not accept DISCORD_BOT_TOKEN any more. Reset the token at https://discord.com/developers/applications and set the new one.";

export function createAnswers(
  { clock, fault, log, settings, createControlId, cleanText = (text) => text }: AnswersDeps,
  { token, apiBase, answerButtons, logChannelId = null, ...rules }: AnswersOptions,
  selfId: () => Snowflake,
): Answers {
  const refusal = Promise.withResolvers<never>();
  refusal.promise.catch(() => {}); // Waited for by whoever runs.
  const onUnauthorised = () => refusal.reject(new WrongSettings(TOKEN_REFUSED));
  const shared = restOptions({ clock, log, cleanText, onUnauthorised }, { apiBase });
  const rest = new REST(shared).setToken(token);
  const typing = createTyping({ rest, clock });
  const attachments = createDiscordAttachments({ rest, fetch: globalThis.fetch, apiBase });
  const posts = createChannelPosts({ rest });
  const guildLog = createGuildLog({
    posts,
    logChannelOf: settings.logChannelOf,
    clock,
    createKey: createControlId,
    log,
  });
  const outlet = tellingOfRefusals(
    createDiscordOutlet({ rest, typing, selfId, answerButtons, fault, log }),
    guildLog,
  );
  const whoAmI = createWhoAmI(rest, selfId);
  const access = createGuildAccess({ rest, whoAmI, clock, rules });
  const announcer = createDiscordAnnouncer({ rest, whoAmI, access, clock });
  return {
    rest,
    restOptions: shared,
    typing,
    outlet,
    receiptOutlet: createReceiptOutlet({ rest }, { answerButtons }),
    announcer,
    access,
    posts,
    guildLog,
    watch: tellingOfBudgets(guildLog),
    operators: createOperators({ rest, log }),
    logChannel: logChannelId === null ? null : createLogChannel({ rest }, logChannelId),
    attachments,
    refused: refusal.promise,
  };
}

/** What is due at the very start does not wait for the gateway. */
function createWhoAmI(rest: REST, selfId: () => Snowflake) {
  let known: Snowflake | null = null;
  return async (signal: AbortSignal): Promise<Snowflake> => {
    try {
      known ??= selfId();
    } catch {
      known = me.parse(await rest.get(Routes.user(), { signal })).id; // Not online yet.
    }
    return known;
  };
}

const me = z.object({ id: z.string().regex(/^\d+$/) });

/** Answers without a gateway: for a process that only works on turns which another one has taken in. */
export function createDiscordAnswers(
  deps: AnswersDeps,
  options: AnswersOptions,
): Pick<
  Answers,
  | "outlet"
  | "receiptOutlet"
  | "announcer"
  | "access"
  | "posts"
  | "watch"
  | "attachments"
  | "logChannel"
> & {
  readonly service: Service;
  readonly operators: OperatorsPort;
} {
  let self: Snowflake | null = null;
  const { rest, refused, operators, ...answers } = createAnswers(deps, options, () => {
    if (self === null) throw new Error("Discord has not said yet who we are");
    return self;
  });

  async function learn(signal: AbortSignal): Promise<void> {
    while (self === null && !signal.aborted) {
      try {
        self = me.parse(await rest.get(Routes.user(), { signal })).id;
      } catch (error) {
        deps.log.warn({ error: asError(error) }, "discord-unreachable");
        await pause(PAUSE_MS, signal);
      }
    }
  }

  const service: Service = {
    name: "discord answers",
    async run(signal) {
      await Promise.race([refused, learn(signal).then(() => untilAborted(signal))]);
    },
  };
  const { outlet, receiptOutlet, announcer, access, posts, watch, attachments, logChannel } =
    answers;
  return {
    service,
    outlet,
    receiptOutlet,
    announcer,
    access,
    posts,
    watch,
    attachments,
    logChannel,
    operators: toPort(operators),
  };
}
